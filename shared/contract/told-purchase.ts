// A purchase as a counter reads it. The server may be newer than the counter: a state, a product or a field that this version
// does not know makes one purchase strange, never the list that it stands in. A strange one is neither paid nor final, nothing
// can be done with it here, and what was said of it is kept as it came, so that a newer version reads it whole.
import { z } from 'zod';
import { amount, instant } from '../ledger/entry.ts';
import { sku } from '../plan/catalogue.ts';
import { type Purchase, purchase } from './billing.ts';

/**
 * What can be shown of a strange one; null where that is not as this version knows it. amountPaise: only in rupees, since
 * paise of another currency would be a wrong price.
 */
const outline = z.looseObject({
  id: z.string().min(1).max(100),
  createdAt: instant,
  sku: sku.nullable().catch(null),
  quantity: z.int().min(1).nullable().catch(null),
  currency: z.literal('INR').nullable().catch(null),
  amountPaise: amount.nullable().catch(null),
  credits: z.int().min(0).nullable().catch(null),
  deviceId: z.string().nullable().catch(null),
  deviceName: z.string().nullable().catch(null),
});

export type PurchaseOutline = Readonly<
  Pick<
    z.infer<typeof outline>,
    'id' | 'createdAt' | 'sku' | 'quantity' | 'amountPaise' | 'credits' | 'deviceId' | 'deviceName'
  >
>;

/** said: as the server said it, with every field that it has. */
export type Said = Readonly<Record<string, unknown>>;

export type ToldPurchase =
  | { readonly known: true; readonly id: string; readonly said: Said; readonly purchase: Purchase }
  | { readonly known: false; readonly id: string; readonly said: Said; readonly outline: PurchaseOutline };

/** Null for what does not even say which purchase it is, and since when. */
export function readToldPurchase(said: unknown): ToldPurchase | null {
  const read = outline.safeParse(said);
  if (!read.success) return null;
  const { id, createdAt, quantity, currency, credits, deviceId, deviceName } = read.data;
  const whole = purchase.safeParse(said);
  if (whole.success) return { known: true, id, said: said as Said, purchase: whole.data };
  const amountPaise = currency === null ? null : read.data.amountPaise;
  const parts = { id, createdAt, sku: read.data.sku, quantity, amountPaise, credits, deviceId, deviceName };
  return { known: false, id, said: said as Said, outline: parts };
}

/** One, as the answer to a request about it. */
export const toldPurchase = z.unknown().transform((said, context): ToldPurchase => {
  const told = readToldPurchase(said);
  if (told !== null) return told;
  context.addIssue({ code: 'custom', message: 'is no purchase' });
  return z.NEVER;
});

/** A list of them. unread: how many items are none that could be named; the others stand for themselves. */
export const toldPurchaseList = z
  .object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
  .transform(({ items, nextCursor }) => {
    const told = items.map(readToldPurchase).filter((one) => one !== null);
    return { items: told, unread: items.length - told.length, nextCursor };
  });
