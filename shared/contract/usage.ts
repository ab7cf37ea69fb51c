// Usage over HTTP: what was spent and granted in a range of days, by day, feature or counter.
import { z } from 'zod';
import { calendarDate } from '../ledger/entry.ts';

/** Days in Asia/Kolkata, both included. */
export const usageQuery = z.object({ from: calendarDate, to: calendarDate, by: z.enum(['day', 'feature', 'device']) });

/**
 * key: the day `YYYY-MM-DD`; the feature, or the kind of an entry without one; the counter's id, or `system`, `operator`.
 * spent: credits spent. granted: everything else that came in, less what was taken back.
 */
export const usage = z.object({
  rows: z.array(z.object({ key: z.string(), spent: z.int().min(0), granted: z.int() })),
});
export type Usage = z.infer<typeof usage>;
