// Proves what was bought and paid by one org: every paid purchase has exactly its money, all money stands where it may,
// and the subscription is what the paid plan and its renewals make of it.
import { planIncludes } from '../../shared/plan/catalogue.ts';
import { nextDueAfterRenewal } from '../../shared/plan/renewal.ts';
import { businessDate, oneYearAfter } from '../../shared/plan/service-year.ts';
import type { Findings, OrgFacts, PaymentFact, PurchaseFact, Settled, SubscriptionFact } from './verify-facts.ts';

const subjectOf = (purchase: PurchaseFact) => `purchase ${purchase.purchaseId}`;
const nameOf = (payment: PaymentFact) => `payment ${payment.paymentId}`;

/** Purchases whose money took effect: paid, or paid once and refunded later. */
export function settledOf({ purchases, payments }: OrgFacts): Settled[] {
  const own = Map.groupBy(payments, (payment) => payment.purchaseId);
  return purchases.flatMap((purchase) => {
    const payment = own.get(purchase.purchaseId)?.find(({ effect }) => effect === 'settled');
    const open = purchase.state !== 'paid' && purchase.state !== 'refunded';
    return payment === undefined || open ? [] : [{ purchase, payment }];
  });
}

export function checkMoney(facts: OrgFacts, findings: Findings): void {
  const byPurchase = Map.groupBy(facts.payments, (payment) => payment.purchaseId);
  for (const purchase of facts.purchases) {
    const payments = byPurchase.get(purchase.purchaseId) ?? [];
    checkState(purchase, payments, findings);
    for (const payment of payments) checkPayment(purchase, payment, findings);
    const refunded = payments.reduce((sum, payment) => sum + payment.refundedPaise, 0);
    if (purchase.refundedPaise !== refunded) {
      findings.fault('refund_sum', subjectOf(purchase), refunded, purchase.refundedPaise);
    }
    if (purchase.sku !== 'topup.50k' && purchase.credits !== 0) {
      findings.fault('purchase_credits', subjectOf(purchase), 0, purchase.credits);
    }
    if ((purchase.sku === 'renewal.year') !== (purchase.renewalDue !== null)) {
      findings.fault('renewal_effect', subjectOf(purchase), 'a due date on a renewal alone', purchase.renewalDue);
    }
    byPurchase.delete(purchase.purchaseId);
  }
  for (const payment of [...byPurchase.values()].flat()) {
    findings.fault('payment_of_no_purchase', nameOf(payment), 'a purchase of this org', payment.purchaseId);
  }
}

/** Whether the money that a purchase has is what its state says. */
function checkState(purchase: PurchaseFact, payments: readonly PaymentFact[], findings: Findings): void {
  const subject = subjectOf(purchase);
  const settled = payments.filter(({ effect }) => effect === 'settled');
  const refunded = payments.some(({ effect }) => effect === 'refunded');
  if (settled.length > 1) findings.fault('payment_twice', subject, 1, settled.length);
  if (purchase.state === 'paid' || purchase.state === 'refunded') {
    if (settled.length === 0 && (purchase.state === 'paid' || !refunded)) {
      findings.fault('payment_missing', subject, purchase.amountPaise, null);
    }
  } else {
    // Under review, money may wait or go back; on an unpaid purchase there is none at all.
    const misplaced = purchase.state === 'under_review' ? settled : payments;
    for (const payment of misplaced) {
      findings.fault('payment_misplaced', nameOf(payment), `none ${payment.effect} while ${purchase.state}`, subject);
    }
    if (purchase.state === 'under_review' && !payments.some(isKeptAside)) {
      findings.fault('review_without_money', subject, 'a payment kept aside', null);
    }
  }
  for (const { refundedPaise, amountPaise } of settled) {
    const allBack = refundedPaise === amountPaise;
    if (allBack !== (purchase.state === 'refunded')) {
      findings.fault('refund_state', subject, allBack ? 'refunded' : 'not refunded', purchase.state);
    }
  }
  const paidAt = settled[0]?.capturedAt ?? null;
  if (purchase.paidAt !== paidAt) findings.fault('payment_time', subject, paidAt, purchase.paidAt);
}

const isKeptAside = ({ effect }: PaymentFact) => effect === 'review' || effect === 'refund_due';

function checkPayment(purchase: PurchaseFact, payment: PaymentFact, findings: Findings): void {
  const subject = nameOf(payment);
  const { effect, amountPaise, currency, refundedPaise, refundId } = payment;
  if (effect === 'settled' && (amountPaise !== purchase.amountPaise || currency !== 'INR')) {
    findings.fault('payment_amount', subject, `${purchase.amountPaise} INR`, `${amountPaise} ${currency}`);
  }
  const order = JSON.stringify([purchase.provider, purchase.providerOrderId]);
  const paidOrder = JSON.stringify([payment.provider, payment.providerOrderId]);
  if (order !== paidOrder) findings.fault('payment_order', subject, order, paidOrder);
  if (effect === 'refunded' ? refundId === null || refundedPaise !== amountPaise : refundedPaise > amountPaise) {
    findings.fault('payment_refund', subject, `${amountPaise} under a refund`, `${refundedPaise} under ${refundId}`);
  }
  if (isKeptAside(payment)) {
    const detail = `${amountPaise} paise (${currency}) for ${subjectOf(purchase)}: ${payment.reason ?? 'no reason kept'}`;
    findings.attention(effect === 'review' ? 'money_review' : 'money_refund_due', subject, detail);
  }
}

/** Whether the subscription row follows from the paid plan and the paid renewals. */
export function checkSubscription(row: SubscriptionFact | null, settled: readonly Settled[], findings: Findings): void {
  if (row === null) {
    findings.fault('org_incomplete', 'subscription', 'a row', null);
    return;
  }
  const paid = settled.filter(({ purchase }) => purchase.state === 'paid');
  const plans = paid.filter(({ purchase }) => purchase.sku === 'plan.pharmapulse-one');
  const [plan] = plans;
  if (plans.length > 1) findings.fault('plan_twice', 'subscription', 1, plans.length);
  const should = shown(plan === undefined ? noPlan : planOf(plan));
  const { serviceRenewalNextDue, nextGrantAt: _mark, ...given } = row;
  if (shown(given) !== should) findings.fault('plan_effect', 'subscription', should, shown(given));
  const renewals = paid.filter((one) => one.purchase.sku === 'renewal.year' && !isOfEarlierPlan(one, plan, settled));
  const takenBack = settled.some(({ purchase }) => purchase.sku === 'renewal.year' && purchase.state === 'refunded');
  const chain = takenBack ? { due: dueInTurn(plan, renewals), left: [] } : dueAfter(plan, renewals);
  if (serviceRenewalNextDue !== chain.due) {
    findings.fault('next_due', 'subscription', chain.due, serviceRenewalNextDue);
  }
  for (const { purchase } of chain.left) {
    findings.fault('renewal_effect', subjectOf(purchase), 'a due date that it moved', purchase.renewalDue);
  }
}

/** Whether a renewal was paid for a plan that went back since: it says nothing about a plan that was bought later. */
function isOfEarlierPlan({ payment }: Settled, plan: Settled | undefined, settled: readonly Settled[]): boolean {
  if (plan !== undefined && plan.payment.capturedAt <= payment.capturedAt) return false;
  const gone = settled.filter(
    ({ purchase }) => purchase.sku === 'plan.pharmapulse-one' && purchase.state === 'refunded',
  );
  return gone.some((earlier) => earlier.payment.capturedAt <= payment.capturedAt);
}

type PlanFields = Omit<SubscriptionFact, 'serviceRenewalNextDue' | 'nextGrantAt'>;

const shown = (fields: PlanFields): string =>
  [
    fields.planType ?? 'no plan',
    fields.oneTimePurchasedAt ?? 'never',
    `${fields.oneTimeAmountPaise ?? 0} paise`,
    `${fields.branchesIncluded} branches`,
    fields.prioritySupport ? 'priority' : 'no priority',
    `${fields.monthlyCreditGrant} credits a month`,
  ].join(', ');

const noPlan: PlanFields = {
  planType: null,
  oneTimePurchasedAt: null,
  oneTimeAmountPaise: null,
  branchesIncluded: 0,
  prioritySupport: false,
  monthlyCreditGrant: 0,
};

const planOf = ({ purchase, payment }: Settled): PlanFields => ({
  planType: 'one_time',
  oneTimePurchasedAt: payment.capturedAt,
  oneTimeAmountPaise: purchase.amountPaise,
  branchesIncluded: planIncludes.branches,
  prioritySupport: planIncludes.prioritySupport,
  monthlyCreditGrant: planIncludes.monthlyCredits,
});

/** Once a renewal was taken back, those after it name due dates that are no more: they count in the order of their payment. */
function dueInTurn(plan: Settled | undefined, renewals: readonly Settled[]): string | null {
  if (plan === undefined) return null;
  const inTurn = renewals.toSorted((a, b) => (a.payment.capturedAt < b.payment.capturedAt ? -1 : 1));
  return inTurn.reduce(
    (due, { payment }) => nextDueAfterRenewal(due, new Date(payment.capturedAt)),
    oneYearAfter(businessDate(new Date(plan.payment.capturedAt))),
  );
}

/** Each renewal names the due date that it moves, so they make one chain from the plan's own; what is left over moved none. */
function dueAfter(plan: Settled | undefined, renewals: readonly Settled[]) {
  let due = plan === undefined ? null : oneYearAfter(businessDate(new Date(plan.payment.capturedAt)));
  let left = [...renewals];
  for (;;) {
    const next = left.find(({ purchase }) => due !== null && purchase.renewalDue === due);
    if (next === undefined || due === null) return { due, left };
    due = nextDueAfterRenewal(due, new Date(next.payment.capturedAt));
    left = left.filter((one) => one !== next);
  }
}
