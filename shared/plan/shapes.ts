// What is said of a plan and its credits, as shapes apart from the rules that decide it: a screen needs the shapes alone, and
// would load the calendar with the rules.
import { z } from 'zod';
import { calendarDate } from '../ledger/entry.ts';

export const renewalStatus = z.enum(['none', 'active', 'due_soon', 'past_due', 'lapsed']);
export type RenewalStatus = z.infer<typeof renewalStatus>;

export const features = z.object({
  'pos.core': z.boolean(),
  'billing.view': z.boolean(),
  'credits.topup': z.boolean(),
  'ai.assist': z.boolean(),
  'ai.batch': z.boolean(),
  'app.updates': z.boolean(),
  'support.priority': z.boolean(),
  'credits.monthly_grant': z.boolean(),
});
export type Features = z.infer<typeof features>;
export type Feature = keyof Features;

/**
 * unknown: too little was used to tell. used_up: nothing is left. outdated: by what was known last, the day on which they run out
 * is over. lasts: at least until then. runs_out: on that day, at perDay credits a day (rounded up).
 */
export const forecast = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['unknown', 'used_up', 'outdated']) }),
  z.object({ kind: z.literal('lasts'), until: calendarDate, perDay: z.int().min(1) }),
  z.object({ kind: z.literal('runs_out'), on: calendarDate, perDay: z.int().min(1) }),
]);
export type Forecast = z.infer<typeof forecast>;
