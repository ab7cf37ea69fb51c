// The webhook inbox: stored once per (provider, mode, event id) before it is answered, applied afterwards by a job.
import { and, asc, eq, inArray, lte, ne } from 'drizzle-orm';
import type { WebhookEnvelope } from '../providers/port.ts';
import { webhookInbox } from './schema.ts';
import type { Tx } from './tx.ts';

export type InboxRow = typeof webhookInbox.$inferSelect;

export interface NewWebhook {
  readonly provider: string;
  readonly mode: 'live' | 'test';
  readonly envelope: WebhookEnvelope;
  readonly body: Buffer;
}

/** Stores an event; false if it is there already. */
export async function storeWebhook(tx: Tx, webhook: NewWebhook, now: Date): Promise<boolean> {
  const rows = await tx
    .insert(webhookInbox)
    .values({
      provider: webhook.provider,
      mode: webhook.mode,
      ...webhook.envelope,
      body: webhook.body,
      receivedAt: now,
      state: 'pending',
      attempts: 0,
      nextAttemptAt: now,
    })
    .onConflictDoNothing({ target: [webhookInbox.provider, webhookInbox.mode, webhookInbox.eventId] })
    .returning({ id: webhookInbox.inboxId });
  return rows.length > 0;
}

/** Locks the oldest event that is due; null when there is none. One that another worker holds is passed over. */
export async function lockDueWebhook(tx: Tx, now: Date): Promise<InboxRow | null> {
  const [row] = await tx
    .select()
    .from(webhookInbox)
    .where(and(eq(webhookInbox.state, 'pending'), lte(webhookInbox.nextAttemptAt, now)))
    .orderBy(asc(webhookInbox.nextAttemptAt), asc(webhookInbox.inboxId))
    .limit(1)
    .for('update', { skipLocked: true });
  return row ?? null;
}

export async function closeWebhook(
  tx: Tx,
  inboxId: number,
  change: Partial<Pick<InboxRow, 'state' | 'attempts' | 'reason' | 'nextAttemptAt' | 'doneAt'>>,
): Promise<void> {
  await tx.update(webhookInbox).set(change).where(eq(webhookInbox.inboxId, inboxId));
}

/** Locks one event whatever its state, waiting for whoever holds it; null if there is none. */
export async function lockWebhook(tx: Tx, inboxId: number): Promise<InboxRow | null> {
  const [row] = await tx.select().from(webhookInbox).where(eq(webhookInbox.inboxId, inboxId)).for('update');
  return row ?? null;
}

/**
 * Applies again what was told of an order or a mandate before it was known to be ours. What another worker has in hand is
 * passed over: waiting for it here, with the org's lock held, could be waiting for each other.
 */
export async function wakeEventsOf(
  tx: Tx,
  provider: string,
  of: { readonly orderId: string } | { readonly mandateId: string },
  now: Date,
): Promise<void> {
  const subject = 'orderId' in of ? eq(webhookInbox.orderId, of.orderId) : eq(webhookInbox.mandateId, of.mandateId);
  const told = tx
    .select({ id: webhookInbox.inboxId })
    .from(webhookInbox)
    .where(and(eq(webhookInbox.provider, provider), subject, ne(webhookInbox.state, 'applied')))
    .for('update', { skipLocked: true });
  await tx
    .update(webhookInbox)
    .set({ state: 'pending', attempts: 0, nextAttemptAt: now, doneAt: null })
    .where(inArray(webhookInbox.inboxId, told));
}
