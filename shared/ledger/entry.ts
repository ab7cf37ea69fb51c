// A ledger entry as it stands on the wire, in the mirror and under the hash. Entries are facts: numbered 1, 2, 3 … per
// org without a gap, never changed, never deleted.
import { z } from 'zod';
import { largestAmount } from './money.ts';

export const entryKind = z.enum(['monthly_grant', 'topup', 'spend', 'reversal', 'adjustment']);
export type EntryKind = z.infer<typeof entryKind>;

/** ISO instant with milliseconds and `Z`, e.g. `2026-11-22T09:30:00.000Z`. */
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
/** Calendar date, e.g. `2027-11-22`. */
export const calendarDate = z.iso.date();

export const amount = z.int().min(1).max(largestAmount);
export const signedAmount = z.int().min(-largestAmount).max(largestAmount);
export const balance = z.int().min(0);

/**
 * delta: credits, never 0. balanceAfter: credits after this entry. reference: what it is about (purchase id, month, the
 * caller's own). actor: who did it (device id, `system`, `operator`). occurredAt: when it happened; createdAt: when it
 * was written. hash: see `chainText`.
 */
export const entry = z.object({
  seq: z.int().min(1),
  delta: signedAmount,
  balanceAfter: balance,
  kind: entryKind,
  reference: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  actor: z.string().nullable(),
  feature: z.string().nullable(),
  occurredAt: instant,
  createdAt: instant,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Entry = z.infer<typeof entry>;

/** An entry from a feed, maybe of a newer server: a kind we do not know is kept as it is. */
export const feedEntry = entry.extend({ kind: z.string().min(1).max(64) });
export type FeedEntry = z.infer<typeof feedEntry>;
