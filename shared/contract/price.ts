// What one piece of a product costs, and what it grants.
import { z } from 'zod';
import { amount } from '../ledger/entry.ts';

/** amountPaise: what one piece costs to pay, tax included. listPricePaise: as on the price list. */
export const price = z.object({
  amountPaise: amount,
  listPricePaise: amount,
  taxPaise: z.int().min(0),
  credits: z.int().min(0),
});
