// Sending money back: by an operator's wish, or because it may not stay (a second plan, a second renewal of a year). What is
// wished is stored before the provider is asked, under a key of its own, so that asking again never sends money twice; what
// it takes back happens on the provider's word alone (store/refunds.ts).
import type { RefundAnswer, RefundRequest } from '../../shared/contract/admin.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { Outcome, ProviderRefund } from '../providers/port.ts';
import { showPurchase } from '../purchase/view.ts';
import { raiseAlarm } from '../store/alarms.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { sha256 } from '../store/ledger.ts';
import { listUntold, type PaymentRow, paymentsOf, updatePayment } from '../store/payments.ts';
import { findOwners, findPurchase, lockPurchase, type PurchaseKey } from '../store/purchases.ts';
import {
  claimRefund,
  findRefund,
  insertRequest,
  listRefundsToAsk,
  refundsOf,
  updateRefund,
} from '../store/refund-rows.ts';
import { noteRefund } from '../store/refunds.ts';
import type { RefundRow } from '../store/schema-payments.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import type { Tx } from '../store/tx.ts';
import { accept, type Refused, refuse, type Verdict } from '../verdict.ts';

type RefundParts = Pick<
  Parts,
  'clock' | 'random' | 'config' | 'provider' | 'database' | 'metrics' | 'log' | 'publicUrl'
>;

const wrong = (path: string, reason: string): Refused => refuse('invalid_request', { faults: [{ path, reason }] });

/** The least that providers send back, in paise, unless it is all that is left. */
const leastPaise = 100;

/**
 * Stores an operator's wish and asks the provider at once. `key`: the caller's, if it sent one: the same key is the same
 * refund. The answer says how far it came; what is not done yet goes on by itself.
 */
export async function refundPurchase(
  parts: RefundParts,
  purchaseId: string,
  wish: RefundRequest,
  key: string | null,
): Promise<Verdict<RefundAnswer>> {
  const owners = await findOwners(parts.database.acrossOrgs, purchaseId, wish.org ?? null);
  const [owner, another] = owners;
  if (owner === undefined) return refuse('not_found');
  if (another !== undefined) return wrong('body.org', 'is needed: several orgs have a purchase of this id');
  const wished = await parts.database.inOrg(owner.orgId, (tx) => storeWish(tx, parts, owner, wish, key));
  if (!wished.ok) return wished;
  await askFor(parts, wished.value);
  return parts.database.inOrg(owner.orgId, async (tx) => {
    const after = await findRefund(tx, owner.orgId, wished.value.refundKey);
    const shown = await findPurchase(tx, owner.orgId, purchaseId);
    if (after === null || shown === null) throw new Error(`refund ${wished.value.refundKey} vanished`);
    return accept({ refund: showRefund(after), purchase: showPurchase(shown, parts.publicUrl) });
  });
}

async function storeWish(
  tx: Tx,
  parts: RefundParts,
  owner: PurchaseKey,
  wish: RefundRequest,
  key: string | null,
): Promise<Verdict<RefundRow>> {
  const { orgId, purchaseId } = owner;
  await lockSubscription(tx, orgId);
  await lockPurchase(tx, orgId, purchaseId);
  const refundKey =
    key === null ? makeId('rfq', parts.clock, parts.random) : `rfk_${sha256(`${orgId} ${key}`).slice(0, 32)}`;
  const before = await findRefund(tx, orgId, refundKey);
  if (before !== null) {
    const same = before.purchaseId === purchaseId && before.reason === wish.reason;
    return same && (wish.amountPaise ?? before.amountPaise) === before.amountPaise
      ? accept(before)
      : refuse('idempotency_key_reused');
  }
  const payment = await paymentToRefund(tx, owner, wish);
  if (payment === null) return wrong('params.id', 'is of a purchase without money that could go back');
  const amountPaise = wish.amountPaise ?? payment.left;
  if (amountPaise > payment.left)
    return wrong('body.amountPaise', `is more than the ${payment.left} paise that are left`);
  if (amountPaise < leastPaise && amountPaise !== payment.left) {
    return wrong('body.amountPaise', `is less than the ${leastPaise} paise that can go back in part`);
  }
  const now = parts.clock.now();
  const { reason } = wish;
  await insertRequest(tx, payment.row, { refundKey, amountPaise, actor: 'operator', reason }, now);
  const details = { refundKey, paymentId: payment.row.paymentId, amountPaise, reason };
  await writeAudit(tx, { orgId, actor: 'operator', action: 'refund.requested', subject: purchaseId, details }, now);
  await announceChange(tx, orgId);
  const stored = await findRefund(tx, orgId, refundKey);
  if (stored === null) throw new Error(`refund ${refundKey} was not stored`);
  return accept(stored);
}

/** The payment that is meant, with what is neither refunded nor on its way: money without an effect goes back first. */
async function paymentToRefund(
  tx: Tx,
  { orgId, purchaseId }: PurchaseKey,
  { paymentId }: RefundRequest,
): Promise<{ row: PaymentRow; left: number } | null> {
  const rows = await paymentsOf(tx, orgId, purchaseId);
  const first = (row: PaymentRow) => (row.effect === 'settled' ? 1 : 0);
  for (const row of rows.toSorted((a, b) => first(a) - first(b))) {
    if (paymentId !== undefined && row.paymentId !== paymentId) continue;
    const onTheWay = (await refundsOf(tx, row)).filter(({ status }) => status === 'requested' || status === 'pending');
    const left = row.amountPaise - row.refundedPaise - onTheWay.reduce((sum, { amountPaise }) => sum + amountPaise, 0);
    if (left > 0) return { row, left };
  }
  return null;
}

export function showRefund(row: RefundRow): RefundAnswer['refund'] {
  const { refundKey, paymentId, amountPaise, status, refundId, reversed, shortfall, noteId } = row;
  return { id: refundKey, paymentId, amountPaise, status, refundId, reversed, shortfall, creditNoteId: noteId };
}

const chunk = 100;

/** Asks the provider for every refund that is due to be asked about; returns about how many. */
export async function askForRefunds(parts: RefundParts): Promise<number> {
  const { acrossOrgs } = parts.database;
  const due = await listRefundsToAsk(acrossOrgs, parts.provider.name, parts.clock.now(), chunk);
  for (const row of due) await askFor(parts, row);
  return due.length;
}

/**
 * Payments of which a report said that more went back than any refund told of here: their refunds are asked for by name.
 * Each is asked about once a minute at most.
 */
export async function askForUntoldRefunds(parts: RefundParts): Promise<void> {
  const { acrossOrgs, inOrg } = parts.database;
  const before = new Date(parts.clock.now().getTime() - 60_000);
  for (const payment of await listUntold(acrossOrgs, parts.provider.name, before, chunk)) {
    const listed = await parts.provider.listRefunds(payment.paymentId);
    if (!listed.ok) parts.log.warn({ paymentId: payment.paymentId, reason: listed.reason }, 'refunds were not listed');
    for (const told of listed.ok ? listed.value : []) {
      parts.metrics.settled(await inOrg(payment.orgId, (tx) => noteRefund(tx, parts, payment, told)));
    }
    const sum = (listed.ok ? listed.value : []).reduce((paise, { amountPaise }) => paise + amountPaise, 0);
    // All of it is known by name: what is pending is asked about as such, and what failed is no riddle.
    const told = sum >= payment.reportedRefundedPaise ? { reportedRefundedPaise: 0 } : {};
    await inOrg(payment.orgId, (tx) => updatePayment(tx, payment, { updatedAt: parts.clock.now(), ...told }));
  }
}

/** 1, 2, 4 … minutes, at most six hours: a provider that is away is asked until it answers. */
function nextAsk(now: Date, attempts: number): Date {
  return new Date(now.getTime() + Math.min(360, 2 ** Math.min(attempts, 9)) * 60_000);
}

async function askFor(parts: RefundParts, row: RefundRow): Promise<void> {
  if (row.status !== 'requested' && row.status !== 'pending') return;
  const { inOrg } = parts.database;
  const until = nextAsk(parts.clock.now(), row.attempts);
  if (!(await inOrg(row.orgId, (tx) => claimRefund(tx, row, until)))) return;
  const told = row.status === 'requested' ? await request(parts, row) : await lookFor(parts, row);
  if (told === null) return;
  if (!told.ok) {
    parts.log.error({ refundKey: row.refundKey, kind: told.kind, reason: told.reason }, 'refund not made yet');
    if (told.kind === 'refused' && row.status === 'requested') await giveUp(parts, row, told.reason);
    return;
  }
  const outcome = await inOrg(row.orgId, (tx) => noteRefund(tx, parts, row, told.value));
  parts.metrics.settled(outcome);
}

function request(parts: RefundParts, row: RefundRow): Promise<Outcome<ProviderRefund>> {
  const { paymentId, amountPaise, refundKey } = row;
  return parts.provider.refundPayment({ paymentId, amountPaise, idempotencyKey: refundKey });
}

/** What became of a refund that was pending; null while the provider does not list it. */
async function lookFor(parts: RefundParts, row: RefundRow): Promise<Outcome<ProviderRefund> | null> {
  const listed = await parts.provider.listRefunds(row.paymentId);
  if (!listed.ok) return listed;
  const value = listed.value.find(({ refundId }) => refundId === row.refundId);
  return value === undefined ? null : { ok: true, value };
}

/** The provider said no: nothing went back, and a person must decide what to do. */
async function giveUp(parts: RefundParts, row: RefundRow, reason: string): Promise<void> {
  const now = parts.clock.now();
  const { orgId, purchaseId, paymentId, refundKey, amountPaise } = row;
  await parts.database.inOrg(orgId, async (tx) => {
    await lockSubscription(tx, orgId);
    await lockPurchase(tx, orgId, purchaseId);
    const after = await findRefund(tx, orgId, refundKey);
    // Told meanwhile by a webhook: then it was made after all.
    if (after?.status !== 'requested' || after.refundId !== null) return;
    await updateRefund(tx, row, { status: 'failed', nextAskAt: null, updatedAt: now });
    const details = { purchaseId, refundKey, paymentId, amountPaise, reason };
    await raiseAlarm(tx, { kind: 'refund_failed', subject: `refund ${refundKey}`, orgId, details }, now);
  });
}
