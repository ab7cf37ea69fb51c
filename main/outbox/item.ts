// A purchase on this counter, as a union by state: each state with only the fields that exist in it. It is stored as it
// is and parsed when read back, so that a state that was never written cannot come out of the disk.
import { z } from 'zod';
import { purchase } from '../../shared/contract/billing.ts';
import { idempotencyKey, purchaseId } from '../../shared/contract/ids.ts';
import { amount, calendarDate, instant } from '../../shared/ledger/entry.ts';
import { sku } from '../../shared/plan/catalogue.ts';

/**
 * intent: the renderer's name for one press of a button. amountPaise: what the user was shown and agreed to, for the
 * whole purchase. renewalDue: of a renewal, the next due date that the user was shown. sentAt: committed before the first byte leaves this PC, so null means that no server can know of it.
 * nextAttemptAt: not before this instant (trusted time). cancelWantedAt: the user cancelled; wherever the purchase turns
 * up alive from then on, it is cancelled there too.
 */
const base = z.object({
  id: purchaseId,
  intent: z.string(),
  idempotencyKey,
  sku,
  quantity: z.int().min(1),
  amountPaise: amount,
  credits: z.int().min(0),
  renewalDue: calendarDate.nullable(),
  queuedAt: instant,
  sentAt: instant.nullable(),
  attempts: z.int().min(0),
  nextAttemptAt: instant.nullable(),
  cancelWantedAt: instant.nullable(),
});

const known = z.object({ purchase });

export const item = z.discriminatedUnion('state', [
  base.extend({ state: z.literal('queued'), detail: z.object({}).strict() }),
  base.extend({ state: z.literal('needs_confirmation'), detail: z.object({ newAmountPaise: amount }) }),
  base.extend({
    state: z.literal('rejected'),
    detail: z.object({ reason: z.string(), followsId: z.string().nullable(), followsDevice: z.string().nullable() }),
  }),
  /** purchase: null when it was cancelled before any server had it. */
  base.extend({ state: z.literal('cancelled'), detail: z.object({ purchase: purchase.nullable() }) }),
  base.extend({ state: z.literal('awaiting_payment'), detail: known }),
  base.extend({ state: z.literal('paid'), detail: known }),
  base.extend({ state: z.literal('under_review'), detail: known }),
  base.extend({ state: z.literal('expired'), detail: known }),
  base.extend({ state: z.literal('refunded'), detail: known }),
  /** said: what the server said last, of which this version does not know what it means; neither paid nor final. */
  base.extend({ state: z.literal('unknown'), detail: z.object({ said: z.record(z.string(), z.unknown()) }) }),
]);
export type Item = z.infer<typeof item>;
export type ItemIn<S extends Item['state']> = Extract<Item, { state: S }>;

/** What the server last said of an item; null while it has said nothing that stands. */
export function knownPurchase(of: Item): z.infer<typeof purchase> | null {
  return 'purchase' in of.detail ? of.detail.purchase : null;
}
