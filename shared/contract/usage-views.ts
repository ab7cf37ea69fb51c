// What credits were used for, as the counter shows it: by day or month and by feature, from what this PC holds.
import { z } from 'zod';
import { calendarDate } from '../ledger/entry.ts';

/** Up to today, in days of Asia/Kolkata; a year is told by months, of which the first is whole. */
export const usagePeriod = z.enum(['days_7', 'days_30', 'days_90', 'months_12']);
export type UsagePeriod = z.infer<typeof usagePeriod>;

/** Features that have a part of their own; the rest is told together. */
export const mostFeatures = 6;

/**
 * from, to: both included. features: those that used most, the greatest first; null is use without a feature. others: what the
 * rest used. slices: every day `YYYY-MM-DD`, or month `YYYY-MM`, of the period, the oldest first; spent is all that was used,
 * parts what each of `features` has of it; granted is all else: what came in, less what was taken back. since: day of the
 * first entry; null without one.
 */
export const usageView = z.object({
  period: usagePeriod,
  from: calendarDate,
  to: calendarDate,
  spent: z.int().min(0),
  granted: z.int(),
  features: z.array(z.object({ feature: z.string().nullable(), spent: z.int().min(0) })).max(mostFeatures),
  others: z.int().min(0),
  slices: z.array(
    z.object({ key: z.string(), spent: z.int().min(0), granted: z.int(), parts: z.array(z.int().min(0)) }),
  ),
  since: calendarDate.nullable(),
});
export type UsageView = z.infer<typeof usageView>;
