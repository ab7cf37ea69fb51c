// The one way in which the provider's word about a mandate takes effect, whoever brings it: its state, renewalMode, the
// purchase that waits for its charge, the charge itself. One transaction for one org.
//
// Locks are taken in the order of settle.ts; the mandate's row comes after the subscription's and before the purchases'.
import type { Parts } from '../parts.ts';
import type { ProviderMandate, ReportedPayment } from '../providers/port.ts';
import { isUnwanted, type MandateSource, moveMandate, stageOf } from '../purchase/mandate-machine.ts';
import { nextLookAt, waitsUntil } from '../purchase/mandate-times.ts';
import { raiseAlarm } from './alarms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { wakeEventsOf } from './inbox.ts';
import { applyCharge } from './mandate-charges.ts';
import { findMandate, lockMandate, type MandateKey, mandatesOf, updateMandate } from './mandate-rows.ts';
import { lockPurchase, updatePurchase } from './purchases.ts';
import type { PurchaseRow } from './schema.ts';
import type { MandateRow } from './schema-payments.ts';
import { enterOrg } from './scope.ts';
import type { Settled } from './settle.ts';
import { lockSubscription, type SubscriptionRow, setRenewalMode } from './subscriptions.ts';
import type { Tx } from './tx.ts';

export type MandateParts = Pick<Parts, 'clock' | 'random' | 'config' | 'provider' | 'database' | 'log'>;

/** What the provider says of a mandate; with a charge of it where the same report carries one. */
export interface MandateNews {
  readonly mandate: ProviderMandate;
  readonly payment: ReportedPayment | null;
  /** There was a charge that this does not show: the provider is asked at once. */
  readonly askNow?: true;
}

/** Applies a verified event about a mandate. foreign: not one of ours. In a transaction that is about no org yet. */
export async function applyMandate(tx: Tx, parts: MandateParts, news: MandateNews): Promise<Settled> {
  const at = await findMandate(parts.database.acrossOrgs, parts.provider.name, news.mandate);
  if (at === null) return 'foreign';
  await enterOrg(tx, at.orgId);
  return applyNews(tx, parts, at, news, 'event');
}

/** Applies news of a mandate that is known to be ours, in a transaction for its org. */
export async function applyNews(
  tx: Tx,
  parts: MandateParts,
  key: MandateKey,
  news: MandateNews,
  source: MandateSource,
): Promise<Settled> {
  await lockSubscription(tx, key.orgId);
  const row = await lockMandate(tx, key);
  const { payment } = news;
  // Agreeing to a mandate may take a token that goes back at once: no charge. A look-up tells of charges alone.
  const isToken = source === 'event' && ['created', 'authenticated'].includes(news.mandate.status);
  const settled = payment === null || isToken ? 'nothing' : await applyCharge(tx, parts, row, payment, 'webhook');
  await applyStatus(tx, parts, row, news.mandate, source);
  if (news.askNow === true) await updateMandate(tx, row, { nextLookAt: parts.clock.now() });
  return settled;
}

/** Applies one charge of a mandate, from a look-up, whatever became of the mandate; in a transaction for its org. */
export async function applyChargeOf(tx: Tx, parts: MandateParts, key: MandateKey, payment: ReportedPayment) {
  await lockSubscription(tx, key.orgId);
  return applyCharge(tx, parts, await lockMandate(tx, key), payment, 'look_up');
}

/** The provider was never asked for it, or certainly has none: it is over without anybody's word. */
export async function closeUnmade(tx: Tx, parts: MandateParts, key: MandateKey): Promise<void> {
  await lockSubscription(tx, key.orgId);
  const row = await lockMandate(tx, key);
  if (row.status !== 'requested') return;
  const over = { status: 'cancelled', nextLookAt: null, updatedAt: parts.clock.now() } as const;
  await updateMandate(tx, row, over);
  await follow(tx, parts, { ...row, ...over }, row.status);
}

async function applyStatus(
  tx: Tx,
  parts: MandateParts,
  row: MandateRow,
  told: ProviderMandate,
  source: MandateSource,
): Promise<void> {
  const found = row.mandateId !== told.mandateId;
  if (found && row.mandateId !== null && !takesPlaceOf(row, told)) return noteSecond(tx, parts, row, told);
  const move = moveMandate(row.status, told.status, source);
  if (move === null && !found) return;
  const now = parts.clock.now();
  const status = move === null || move === 'ask' ? row.status : move.to;
  const subscription = await lockSubscription(tx, row.orgId);
  const scheduled = nextLookAt({ ...row, status, nextDue: subscription.serviceRenewalNextDue }, now);
  // After the end there is one more look, for a charge whose own event was lost.
  const soon = source === 'event' && (move === 'ask' || scheduled === null);
  await updateMandate(tx, row, {
    mandateId: told.mandateId,
    status,
    authorisationUrl: status === 'created' ? (told.authorisationUrl ?? row.authorisationUrl) : null,
    nextLookAt: soon ? now : earlier(row.nextLookAt, scheduled),
    updatedAt: now,
  });
  if (found) await wakeEventsOf(tx, row.provider, { mandateId: told.mandateId }, now);
  if (status !== row.status) await follow(tx, parts, { ...row, status, mandateId: told.mandateId }, row.status);
}

/** Making one twice is possible where the answer was lost: the one that the customer agreed to is the one. */
function takesPlaceOf(row: MandateRow, told: ProviderMandate): boolean {
  return stageOf(row.status) === 'asked' && ['good', 'failing'].includes(stageOf(told.status));
}

/** A second one that was agreed to would charge as well: it is ended at the provider by the next look, which is due now. */
async function noteSecond(tx: Tx, parts: MandateParts, row: MandateRow, told: ProviderMandate): Promise<void> {
  const { mandateId, status } = told;
  const { secondIds } = await lockMandate(tx, row);
  if (!['good', 'failing'].includes(stageOf(status)) || secondIds.includes(mandateId)) return;
  const now = parts.clock.now();
  await updateMandate(tx, row, { secondIds: [...secondIds, mandateId], nextLookAt: now, updatedAt: now });
  const { orgId, receipt } = row;
  const details = { mandateId, status, beside: row.mandateId };
  await writeAudit(tx, { orgId, actor: 'provider', action: 'mandate.second_found', subject: receipt, details }, now);
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a !== null && b !== null && a < b ? a : b);

/** What a new state means for the org: who renews, and what becomes of the purchase that waits for the charge. */
async function follow(tx: Tx, parts: MandateParts, row: MandateRow, was: MandateRow['status']): Promise<void> {
  const now = parts.clock.now();
  const subscription = await lockSubscription(tx, row.orgId);
  const asked = await lockPurchase(tx, row.orgId, row.purchaseId);
  if (asked.state === 'awaiting_payment' && asked.providerOrderId === null) await keepOrClose(tx, row, asked, now);
  const renewalMode = await settleMode(tx, subscription, now);
  const details = { mandateId: row.mandateId, purchaseId: row.purchaseId, was, renewalMode };
  const entry = { orgId: row.orgId, actor: 'provider', action: `mandate.${row.status}`, subject: row.receipt, details };
  await writeAudit(tx, entry, now);
  if (row.status === 'halted') {
    await raiseAlarm(tx, { kind: 'mandate_failed', subject: `mandate ${row.receipt}`, orgId: row.orgId, details }, now);
  }
  await announceChange(tx, row.orgId);
}

/** A mandate that was agreed to has time until its charge; one that will not charge leaves the way to a manual renewal free. */
async function keepOrClose(tx: Tx, row: MandateRow, asked: PurchaseRow, now: Date): Promise<void> {
  const stage = stageOf(row.status);
  if (stage === 'good' && asked.renewalDue !== null) {
    const until = waitsUntil(asked.renewalDue);
    if (until > asked.expiresAt) await updatePurchase(tx, asked, { expiresAt: until });
  } else if (stage === 'failing' || stage === 'over') {
    await updatePurchase(tx, asked, { state: 'cancelled', closedAt: now });
    const details = { because: `mandate ${row.status}` };
    const { orgId, purchaseId } = asked;
    await writeAudit(tx, { orgId, actor: 'system', action: 'purchase.cancelled', subject: purchaseId, details }, now);
  }
}

/** renewalMode is autopay exactly while a mandate is good and wanted. */
async function settleMode(tx: Tx, { orgId, planType, renewalMode }: SubscriptionRow, now: Date) {
  if (planType === null) return renewalMode;
  const all = await mandatesOf(tx, orgId);
  const good = all.some(({ row, asked }) => stageOf(row.status) === 'good' && !isUnwanted(row.status, asked, true));
  const mode = good ? 'autopay' : 'manual';
  if (mode !== renewalMode) await setRenewalMode(tx, orgId, mode, now);
  return mode;
}
