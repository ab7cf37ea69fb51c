// What happens when a counter asks for a purchase: the rules are checked and the purchase stored in one transaction, then
// the provider is asked for an order, then the first result is kept under the idempotency key. A crash between any two
// steps leaves something that the same key continues.
import type { Purchase } from '../../shared/contract/billing.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { daysToPay, termsOf } from '../purchase/terms.ts';
import { showPurchase } from '../purchase/view.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { answerKey, type KeyUse, lookUpKey, saveKey } from '../store/idempotency.ts';
import { lockLedger } from '../store/ledger.ts';
import { type Caller, readBuyer } from '../store/orgs.ts';
import { findInProgress, findPurchase } from '../store/purchases.ts';
import { purchase } from '../store/schema.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import type { Tx } from '../store/tx.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { ensureOrder } from './ensure-order.ts';

export interface PurchaseWish {
  readonly id: string | undefined;
  readonly sku: Sku;
  readonly quantity: number;
  readonly renewalMode: 'manual' | null;
  readonly expectedAmountPaise: number | undefined;
}

export interface StartedPurchase {
  /** True for the one request whose result is the first; every other gets the same result as a repeat. */
  readonly first: boolean;
  readonly purchase: Purchase;
}

export async function startPurchase(
  parts: Parts,
  caller: Caller,
  wish: PurchaseWish,
  use: KeyUse,
): Promise<Verdict<StartedPurchase>> {
  const { orgId } = caller;
  const { inOrg } = parts.database;
  const begun = await inOrg(orgId, (tx) => begin(tx, parts, caller, wish, use));
  if (!begun.ok) return begun;
  if ('answer' in begun.value) return accept({ first: false, purchase: begun.value.answer });
  const { purchaseId } = begun.value;
  const ordered = await ensureOrder(parts, orgId, purchaseId);
  if (!ordered.ok) return ordered;
  return inOrg(orgId, async (tx) => {
    const found = await findPurchase(tx, orgId, purchaseId);
    if (found === null) throw new Error(`purchase ${purchaseId} vanished`);
    const answer = showPurchase(found, parts.publicUrl);
    const first = await answerKey(tx, use, answer);
    if (first) return accept({ first, purchase: answer });
    const kept = await lookUpKey(tx, use);
    if (kept.state !== 'answered') throw new Error('an idempotency key lost its answer');
    return accept({ first, purchase: kept.answer as Purchase });
  });
}

type Begun = { readonly purchaseId: string } | { readonly answer: Purchase };

/** Under the org's lock: a repeat is recognised, a refusal changes nothing, else purchase and key are stored. */
async function begin(tx: Tx, parts: Parts, caller: Caller, wish: PurchaseWish, use: KeyUse): Promise<Verdict<Begun>> {
  const subscription = await lockSubscription(tx, caller.orgId);
  await lockLedger(tx, caller.orgId);
  const key = await lookUpKey(tx, use);
  if (key.state === 'reused') return refuse('idempotency_key_reused');
  if (key.state === 'answered') return accept({ answer: key.answer as Purchase });
  if (key.state === 'begun' && key.subject !== null) return accept({ purchaseId: key.subject });
  const now = parts.clock.now();
  if (wish.id !== undefined) {
    const same = await findPurchase(tx, caller.orgId, wish.id);
    if (same !== null) {
      if (same.row.sku !== wish.sku || same.row.quantity !== wish.quantity) return refuse('idempotency_key_reused');
      await saveKey(tx, use, wish.id, undefined, now);
      return accept({ purchaseId: wish.id });
    }
  }
  const owned = subscription.planType !== null;
  if (wish.sku === 'plan.pharmapulse-one' && owned) return refuse('plan_already_owned');
  if (wish.sku !== 'plan.pharmapulse-one' && !owned) return refuse('plan_required');
  const renewalDue = wish.sku === 'renewal.year' ? subscription.serviceRenewalNextDue : null;
  if (wish.sku !== 'topup.50k') {
    const other = await findInProgress(tx, caller.orgId, wish.sku, renewalDue);
    if (other !== null) return refuse('purchase_in_progress', { purchase: showPurchase(other, parts.publicUrl) });
  }
  const selling = { pricesIncludeGst: parts.config.pricesIncludeGst, sellerGstin: parts.config.seller.gstin };
  const buyer = await readBuyer(tx, caller.orgId);
  const terms = termsOf(wish.sku, wish.quantity, selling, buyer, businessDate(now));
  if (wish.expectedAmountPaise !== undefined && wish.expectedAmountPaise !== terms.amountPaise) {
    return refuse('price_changed', { amountPaise: terms.amountPaise });
  }
  const purchaseId = wish.id ?? makeId('pur', parts.clock, parts.random);
  await tx.insert(purchase).values({
    orgId: caller.orgId,
    purchaseId,
    sku: wish.sku,
    quantity: wish.quantity,
    state: 'awaiting_payment',
    ...terms,
    renewalMode: wish.renewalMode,
    renewalDue,
    provider: parts.provider.name,
    receipt: makeId('rcpt', parts.clock, parts.random),
    orderAttempts: 0,
    payToken: parts.random.bytes(24).toString('base64url'),
    deviceId: caller.deviceId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + daysToPay * 86_400_000),
    refundedPaise: 0,
  });
  await saveKey(tx, use, purchaseId, undefined, now);
  await writeAudit(
    tx,
    {
      orgId: caller.orgId,
      actor: caller.deviceId,
      action: 'purchase.created',
      subject: purchaseId,
      details: { sku: wish.sku, quantity: wish.quantity, amountPaise: terms.amountPaise },
    },
    now,
  );
  await announceChange(tx, caller.orgId);
  return accept({ purchaseId });
}
