// What happens when a counter asks for a purchase: the rules are checked and the purchase stored in one transaction, then
// the provider is asked for an order, then the first result is kept under the idempotency key. A crash between any two
// steps leaves something that the same key continues.
import type { Purchase } from '../../shared/contract/billing.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { requireForSale } from '../../shared/plan/require-feature.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import { termsOf } from '../purchase/terms.ts';
import { showPurchase } from '../purchase/view.ts';
import { refusedFeature } from '../require-feature.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { answerKey, type KeyUse, lookUpKey, saveKey } from '../store/idempotency.ts';
import { lockLedger } from '../store/ledger.ts';
import type { MandateKey } from '../store/mandate-rows.ts';
import { insertPurchase } from '../store/new-purchase.ts';
import { type Caller, readBuyer } from '../store/orgs.ts';
import { findInProgress, findPurchase, findRenewalOf, type ShownRow } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import type { Tx } from '../store/tx.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { askForMandate, isNotAgreedTo, livingMandates, replace } from './ask-for-mandate.ts';
import { endMandates } from './end-mandates.ts';
import { ensureMandate, unavailable } from './ensure-mandate.ts';
import { ensureOrder } from './ensure-order.ts';

export interface PurchaseWish {
  readonly id: string | undefined;
  readonly sku: Sku;
  readonly quantity: number;
  readonly renewalMode: 'manual' | 'autopay' | null;
  readonly expectedAmountPaise: number | undefined;
  /** Of a renewal: the next due date that the user was shown. */
  readonly expectedDue?: string | undefined;
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
  const begun = await begin(parts, caller, wish, use);
  if (!begun.ok) return begun;
  if ('answer' in begun.value) return accept({ first: false, purchase: begun.value.answer });
  const { purchaseId } = begun.value;
  const payable =
    wish.renewalMode === 'autopay'
      ? await ensureMandate(parts, { orgId, purchaseId })
      : await ensureOrder(parts, orgId, purchaseId);
  if (!payable.ok) return payable;
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
/** What must be ended at the provider before the purchase can begin. */
type InTheWay = { readonly inTheWay: readonly MandateKey[] };

async function begin(parts: Parts, caller: Caller, wish: PurchaseWish, use: KeyUse): Promise<Verdict<Begun>> {
  const tried = () => parts.database.inOrg(caller.orgId, (tx) => tryToBegin(tx, parts, caller, wish, use));
  const first = await tried();
  if (!first.ok || !('inTheWay' in first.value)) return first as Verdict<Begun>;
  const ended = await endMandates(parts, first.value.inTheWay, caller.deviceId);
  if (!ended.ok) return ended;
  const second = await tried();
  // Another counter was faster, and its own mandate failed already: the same key tries again.
  if (second.ok && 'inTheWay' in second.value) return unavailable(undefined);
  return second as Verdict<Begun>;
}

/** Under the org's lock: a repeat is recognised, a refusal changes nothing, else purchase and key are stored. */
async function tryToBegin(
  tx: Tx,
  parts: Parts,
  caller: Caller,
  wish: PurchaseWish,
  use: KeyUse,
): Promise<Verdict<Begun | InTheWay>> {
  const { orgId } = caller;
  const subscription = await lockSubscription(tx, orgId);
  await lockLedger(tx, orgId);
  const key = await lookUpKey(tx, use);
  if (key.state === 'reused') return refuse('idempotency_key_reused');
  if (key.state === 'answered') return accept({ answer: key.answer as Purchase });
  if (key.state === 'begun' && key.subject !== null) return accept({ purchaseId: key.subject });
  const now = parts.clock.now();
  if (wish.id !== undefined) {
    const same = await findPurchase(tx, orgId, wish.id);
    if (same !== null) {
      if (!isSameWish(same.row, wish)) return refuse('idempotency_key_reused');
      await saveKey(tx, use, wish.id, undefined, now);
      return accept({ purchaseId: wish.id });
    }
  }
  const owned = subscription.planType !== null;
  if (wish.sku === 'plan.pharmapulse-one' && owned) return refuse('plan_already_owned');
  const notSold = requireForSale(subscription, wish.sku, now);
  if (notSold !== null) return refusedFeature(notSold);
  const renewalDue = wish.sku === 'renewal.year' ? subscription.serviceRenewalNextDue : null;
  const { other, replaced, inTheWay } = await whatStands(tx, orgId, wish, renewalDue);
  if (other !== null) return refuse('purchase_in_progress', { purchase: showPurchase(other, parts.publicUrl) });
  const selling = { pricesIncludeGst: parts.config.pricesIncludeGst, sellerGstin: parts.config.seller.gstin };
  const terms = termsOf(wish.sku, wish.quantity, selling, await readBuyer(tx, orgId), businessDate(now));
  if (wish.expectedAmountPaise !== undefined && wish.expectedAmountPaise !== terms.amountPaise) {
    return refuse('price_changed', { amountPaise: terms.amountPaise });
  }
  if (inTheWay.length > 0) return accept({ inTheWay });
  const purchaseId = wish.id ?? makeId('pur', parts.clock, parts.random);
  if (replaced !== null) await replace(tx, replaced, caller, purchaseId, now);
  const { sku, quantity, renewalMode } = wish;
  await insertPurchase(
    tx,
    parts,
    { orgId, purchaseId, deviceId: caller.deviceId, sku, quantity, renewalMode, renewalDue },
    terms,
  );
  if (renewalMode === 'autopay') await askForMandate(tx, parts, { orgId, purchaseId }, terms.amountPaise, renewalDue);
  await saveKey(tx, use, purchaseId, undefined, now);
  const details = { sku, quantity, amountPaise: terms.amountPaise, ...(renewalMode === null ? {} : { renewalMode }) };
  await writeAudit(
    tx,
    { orgId, actor: caller.deviceId, action: 'purchase.created', subject: purchaseId, details },
    now,
  );
  await announceChange(tx, orgId);
  return accept({ purchaseId });
}

/** The counter's own id says that it is the same purchase; then it must be the same wish as well. */
function isSameWish(row: PurchaseRow, wish: PurchaseWish): boolean {
  return row.sku === wish.sku && row.quantity === wish.quantity && row.renewalMode === wish.renewalMode;
}

interface Standing {
  /** The purchase that this one must follow. */
  readonly other: ShownRow | null;
  /** The one that it takes the place of. */
  readonly replaced: PurchaseRow | null;
  readonly inTheWay: readonly MandateKey[];
}

async function whatStands(tx: Tx, orgId: string, wish: PurchaseWish, renewalDue: string | null): Promise<Standing> {
  const nothing = { other: null, replaced: null, inTheWay: [] };
  if (wish.sku === 'topup.50k') return nothing;
  if (wish.expectedDue !== undefined && wish.expectedDue !== renewalDue) {
    const renewed = await findRenewalOf(tx, orgId, wish.expectedDue);
    if (renewed !== null) return { ...nothing, other: renewed };
  }
  const other = await findInProgress(tx, orgId, wish.sku, renewalDue);
  if (other !== null) {
    const isReplaced = wish.renewalMode === 'manual' && (await isNotAgreedTo(tx, other.row));
    return isReplaced ? { ...nothing, replaced: other.row } : { ...nothing, other };
  }
  if (wish.renewalMode !== 'autopay') return nothing;
  const { living, inTheWay } = await livingMandates(tx, orgId);
  return living === null
    ? { ...nothing, inTheWay }
    : { ...nothing, other: await findPurchase(tx, orgId, living.purchaseId) };
}
