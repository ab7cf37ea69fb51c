// Applies stored webhooks, each in one transaction with its effect: what the event says about money, and what became of
// the event. One that fails is tried again later and does not hold up those behind it.
import type { Parts } from '../parts.ts';
import type { Tx } from '../store/database.ts';
import { closeWebhook, type InboxRow, lockDueWebhook } from '../store/inbox.ts';
import { hasUnknownOrders } from '../store/purchases.ts';
import { applyPayment } from '../store/settle.ts';

/** After this many failures an event is parked for an operator. */
export const mostAttempts = 12;

/** Applies everything that is due; returns how many events were looked at. */
export async function applyDueWebhooks(parts: Parts): Promise<number> {
  const { db } = parts.database;
  for (let looked = 0; ; looked += 1) {
    let row: InboxRow | null = null;
    try {
      row = await db.transaction(async (tx) => {
        row = await lockDueWebhook(tx, parts.clock.now());
        if (row !== null) await apply(tx, parts, row);
        return row;
      });
      if (row === null) return looked;
    } catch (error) {
      if (row === null) throw error;
      parts.log.error({ err: error, inboxId: (row as InboxRow).inboxId }, 'a webhook could not be applied');
      await postpone(db, parts, row, error instanceof Error ? error.message : String(error));
    }
  }
}

async function apply(tx: Tx, parts: Parts, row: InboxRow): Promise<void> {
  const now = parts.clock.now();
  const attempts = row.attempts + 1;
  if (row.provider !== parts.provider.name) {
    await closeWebhook(tx, row.inboxId, { state: 'ignored', attempts, reason: 'another provider is set', doneAt: now });
    return;
  }
  const report = parts.provider.handlePaymentSuccess(row.body);
  if (report.kind === 'ignored') {
    await closeWebhook(tx, row.inboxId, { state: 'ignored', attempts, reason: report.why, doneAt: now });
    return;
  }
  // Asked before the order is looked for: one that becomes known between the two is then found, never taken for foreign.
  const unknownOrders = await hasUnknownOrders(tx, row.provider);
  const settled = await applyPayment(tx, parts, report);
  if (settled !== 'foreign') {
    await closeWebhook(tx, row.inboxId, { state: 'applied', attempts, reason: settled, doneAt: now });
    return;
  }
  // An order that nobody knows is another product's, unless an answer about one of our own orders is outstanding.
  if (unknownOrders) await postpone(tx, parts, row, 'order not known yet');
  else await closeWebhook(tx, row.inboxId, { state: 'ignored', attempts, reason: 'not an order of ours', doneAt: now });
}

/** Tries again after 2, 4, 8 … seconds, at most an hour apart; parks after the last attempt. */
async function postpone(tx: Tx, parts: Parts, row: InboxRow, reason: string): Promise<void> {
  const now = parts.clock.now();
  const attempts = row.attempts + 1;
  if (attempts >= mostAttempts) {
    parts.log.error({ inboxId: row.inboxId, reason }, 'a webhook was parked');
    await closeWebhook(tx, row.inboxId, { state: 'parked', attempts, reason, doneAt: now });
    return;
  }
  const seconds = Math.min(3600, 2 ** attempts);
  await closeWebhook(tx, row.inboxId, { attempts, reason, nextAttemptAt: new Date(now.getTime() + seconds * 1000) });
  parts.wakeInbox(seconds);
}
