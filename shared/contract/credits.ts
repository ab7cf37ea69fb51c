// Credits over HTTP.
import { z } from 'zod';
import { amount, entry, instant } from '../ledger/entry.ts';
import { holdId } from './ids.ts';

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

export const longestHoldSeconds = 900;

/** `POST /api/credits/holds`: reserves credits for a time. */
export const holdRequest = z.object({
  amount,
  feature: word(64),
  ttlSeconds: z.int().min(1).max(longestHoldSeconds),
});
export type HoldRequest = z.infer<typeof holdRequest>;

export const holdAnswer = z.object({ holdId, expiresAt: instant, available: z.int().min(0) });
export type HoldAnswer = z.infer<typeof holdAnswer>;

/** `POST /api/credits/holds/:id/capture`: takes at most what is held; the rest is available again. */
export const captureRequest = z.object({ amount });
export type CaptureRequest = z.infer<typeof captureRequest>;

export const captureAnswer = z.object({ entry, available: z.int().min(0) });
export type CaptureAnswer = z.infer<typeof captureAnswer>;

/** `POST /api/credits/holds/:id/release`: all of it is available again. */
export const releaseAnswer = z.object({ holdId, available: z.int().min(0) });
export type ReleaseAnswer = z.infer<typeof releaseAnswer>;
