// Credits over HTTP.
import { z } from 'zod';
import { amount, entry } from '../ledger/entry.ts';

export const creditBalance = z.object({
  balance: z.int().min(0),
  held: z.int().min(0),
  available: z.int().min(0),
  /** The last entry's number; 0 before the first. */
  seq: z.int().min(0),
});
export type CreditBalance = z.infer<typeof creditBalance>;

const word = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters')
    .refine((text) => text.isWellFormed(), 'must be whole characters');

/** `POST /api/credits/spend`: all of it or nothing. */
export const spendRequest = z.object({ amount, feature: word(64), reference: word(200).optional() });
export type SpendRequest = z.infer<typeof spendRequest>;

export const spendAnswer = z.object({ entry, balance: z.int().min(0), available: z.int().min(0) });
export type SpendAnswer = z.infer<typeof spendAnswer>;
