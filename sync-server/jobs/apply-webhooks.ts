// Applies stored webhooks, each in one transaction with its effect: what the event says about money, and what became of
// the event. One that fails is tried again later and does not hold up those behind it.
import { unreachable } from '../../shared/contract/unreachable.ts';
import type { WebhookApplied } from '../metrics.ts';
import type { Parts } from '../parts.ts';
import type { ReportedPayment, WebhookReport } from '../providers/port.ts';
import { raiseAlarm } from '../store/alarms.ts';
import { writeAudit } from '../store/audit.ts';
import { applyDispute } from '../store/disputes.ts';
import { closeWebhook, type InboxRow, lockDueWebhook, lockWebhook } from '../store/inbox.ts';
import { applyMandate } from '../store/mandates.ts';
import { findPayment } from '../store/payments.ts';
import { findByOrder, hasUnknownOrders } from '../store/purchases.ts';
import { applyRefund, type RefundEffect } from '../store/refunds.ts';
import { enterOrg } from '../store/scope.ts';
import { applyPayment, type Settled } from '../store/settle.ts';
import type { Tx } from '../store/tx.ts';

/** After this many failures an event is parked for an operator. */
export const mostAttempts = 12;

export type InboxParts = Pick<
  Parts,
  'clock' | 'random' | 'config' | 'provider' | 'database' | 'metrics' | 'log' | 'wakeInbox'
>;

type MoneyReport = Exclude<WebhookReport, { kind: 'ignored' }>;

interface Applied {
  readonly became: WebhookApplied;
  readonly settled: Settled | null;
}

/** Applies everything that is due; returns how many events were looked at. */
export async function applyDueWebhooks(parts: InboxParts): Promise<number> {
  for (let looked = 0; ; looked += 1) {
    const applied = await applyOne(parts, (tx) => lockDueWebhook(tx, parts.clock.now()));
    if (!applied) return looked;
  }
}

/**
 * Applies one stored event again, as if it had just come: by an operator's wish, whatever became of it before. Its effect
 * happens once all the same. Does nothing if there is no such event.
 */
export async function replayWebhook(parts: InboxParts, inboxId: number): Promise<void> {
  await applyOne(parts, async (tx) => {
    const row = await lockWebhook(tx, inboxId);
    if (row === null) return null;
    const now = parts.clock.now();
    await closeWebhook(tx, inboxId, { state: 'pending', attempts: 0, nextAttemptAt: now, doneAt: null });
    const at = row.orderId === null ? null : await findByOrder(parts.database.acrossOrgs, row.provider, row.orderId);
    const details = { event: row.event, eventId: row.eventId, was: row.state };
    const subject = `webhook ${inboxId}`;
    // An event of no order of ours belongs to no org, and has no audit log to stand in.
    if (at !== null) {
      await enterOrg(tx, at.orgId);
      await writeAudit(tx, { orgId: at.orgId, actor: 'operator', action: 'webhook.replayed', subject, details }, now);
    }
    return { ...row, state: 'pending', attempts: 0 };
  });
}

/** Applies the event that `take` locks; false if it finds none. */
async function applyOne(parts: InboxParts, take: (tx: Tx) => Promise<InboxRow | null>): Promise<boolean> {
  const { unscoped: db } = parts.database;
  let row: InboxRow | null = null;
  try {
    const applied = await db.transaction(async (tx) => {
      row = await take(tx);
      return row === null ? null : apply(tx, parts, row);
    });
    if (applied === null) return false;
    parts.metrics.webhookApplied(applied.became);
    if (applied.settled !== null) parts.metrics.settled(applied.settled);
  } catch (error) {
    if (row === null) throw error;
    parts.log.error({ err: error, inboxId: (row as InboxRow).inboxId }, 'a webhook could not be applied');
    parts.metrics.webhookApplied(
      await postpone(db, parts, row, error instanceof Error ? error.message : String(error)),
    );
  }
  return true;
}

async function apply(tx: Tx, parts: InboxParts, row: InboxRow): Promise<Applied> {
  const now = parts.clock.now();
  const close = async (state: 'applied' | 'ignored', reason: string, settled: Settled | null): Promise<Applied> => {
    await closeWebhook(tx, row.inboxId, { state, attempts: row.attempts + 1, reason, doneAt: now });
    return { became: state, settled };
  };
  if (row.provider !== parts.provider.name) return close('ignored', 'another provider is set', null);
  const report = parts.provider.handlePaymentSuccess(row.body);
  if (report.kind === 'ignored') return close('ignored', report.why, null);
  // Asked before the order is looked for: one that becomes known between the two is then found, never taken for foreign.
  const unknownOrders = await hasUnknownOrders(parts.database.acrossOrgs, row.provider);
  const settled = await applyReport(tx, parts, report);
  if (settled === 'unknown') {
    return { became: await postpone(tx, parts, row, 'the payment is not known yet'), settled: null };
  }
  if (settled === 'anothers')
    return close('ignored', 'its payment is money of another purchase; see the alarm', settled);
  if (settled !== 'foreign') return close('applied', settled, settled);
  // An order that nobody knows is another product's, unless an answer about one of our own orders is outstanding.
  if (!unknownOrders) return close('ignored', 'not an order of ours', settled);
  return { became: await postpone(tx, parts, row, 'order not known yet'), settled };
}

async function applyReport(tx: Tx, parts: InboxParts, report: MoneyReport): Promise<RefundEffect> {
  switch (report.kind) {
    case 'payment':
      return applyPayment(tx, parts, report, 'webhook');
    case 'refund': {
      const payment = report.payment ?? (await shownPayment(parts, report.refund.paymentId));
      return applyRefund(tx, parts, { ...report, payment });
    }
    case 'dispute': {
      const payment = report.payment ?? (await shownPayment(parts, report.dispute.paymentId));
      return applyDispute(tx, parts, { ...report, payment });
    }
    case 'mandate':
      return applyMandate(tx, parts, report);
    default:
      return unreachable(report);
  }
}

/** The payment that an event only names, if nobody has told of it yet: then the provider is asked whose it is. */
async function shownPayment(parts: InboxParts, paymentId: string): Promise<ReportedPayment | null> {
  const { acrossOrgs } = parts.database;
  if ((await findPayment(acrossOrgs, parts.provider.name, paymentId)) !== null) return null;
  const asked = await parts.provider.fetchPayment(paymentId);
  if (!asked.ok) parts.log.warn({ paymentId, reason: asked.reason }, 'a payment that an event names was not shown');
  return asked.ok ? asked.value : null;
}

/** Tries again after 2, 4, 8 … seconds, at most an hour apart; parks after the last attempt. */
async function postpone(tx: Tx, parts: InboxParts, row: InboxRow, reason: string): Promise<'postponed' | 'parked'> {
  const now = parts.clock.now();
  const attempts = row.attempts + 1;
  if (attempts >= mostAttempts) {
    parts.log.error({ inboxId: row.inboxId, reason }, 'a webhook was parked');
    await closeWebhook(tx, row.inboxId, { state: 'parked', attempts, reason, doneAt: now });
    const details = { event: row.event, eventId: row.eventId, reason };
    await raiseAlarm(tx, { kind: 'webhook_parked', subject: `webhook ${row.inboxId}`, orgId: null, details }, now);
    return 'parked';
  }
  const seconds = Math.min(3600, 2 ** attempts);
  const nextAttemptAt = new Date(now.getTime() + seconds * 1000);
  // A replayed event that failed is pending from now on, whatever it was before.
  await closeWebhook(tx, row.inboxId, { state: 'pending', attempts, reason, nextAttemptAt, doneAt: null });
  parts.wakeInbox(seconds);
  return 'postponed';
}
