// Proves the entries that claim a reason: a monthly grant needs a month in which it was due, a top-up its paid purchase;
// and every paid top-up, every plan, and every month that is decided needs its entry.
import { planIncludes } from '../../shared/plan/catalogue.ts';
import { grantMonthsToGive, grantOf, nextMonthStart, startOfMonth } from '../../shared/plan/grant-months.ts';
import { businessMonth } from '../../shared/plan/service-year.ts';
import type { EntryFact, Findings, PurchaseFact, Settled, SubscriptionFact } from './verify-facts.ts';

export function startClaims(
  settled: readonly Settled[],
  subscription: SubscriptionFact | null,
  now: Date,
  findings: Findings,
) {
  const topups = new Map(
    settled
      .filter(({ purchase }) => purchase.sku === 'topup.50k')
      .map(({ purchase }) => [purchase.purchaseId, { purchase, entries: 0 }]),
  );
  const bought = new Set(settled.map(({ purchase }) => purchase.purchaseId));
  const due = dueMonths(settled, now);
  const granted = new Set<string>();

  const grant = (entry: EntryFact, subject: string) => {
    const month = entry.reference ?? '';
    if (granted.has(month)) findings.fault('grant_twice', subject, `one for ${month}`, 'another');
    granted.add(month);
    if (entry.delta !== planIncludes.monthlyCredits) {
      findings.fault('grant_amount', subject, planIncludes.monthlyCredits, entry.delta);
    }
    if (!due(month)) findings.fault('grant_month', subject, 'a month in which a grant was due', entry.reference);
  };
  const topup = (entry: EntryFact, subject: string) => {
    const sold = topups.get(entry.reference ?? '');
    if (sold === undefined) {
      findings.fault('topup_of_no_purchase', subject, 'a paid top-up', entry.reference);
      return;
    }
    sold.entries += 1;
    if (sold.entries === 2) findings.fault('topup_twice', subject, 'one entry', entry.reference);
    if (entry.delta !== sold.purchase.credits) {
      findings.fault('topup_amount', subject, sold.purchase.credits, entry.delta);
    }
  };
  return {
    entry: (entry: EntryFact): void => {
      if (entry.kind === 'monthly_grant') grant(entry, `entry ${entry.seq}`);
      else if (entry.kind === 'topup') topup(entry, `entry ${entry.seq}`);
      else if (entry.kind === 'reversal' && !bought.has(entry.reference ?? '')) {
        findings.fault('reversal_of_no_purchase', `entry ${entry.seq}`, 'a paid purchase', entry.reference);
      }
    },
    finish: (): void => {
      for (const { purchase, entries } of topups.values()) {
        if (entries === 0) findings.fault('topup_missing', subjectOf(purchase), purchase.credits, null);
      }
      for (const { purchase, payment } of settled) {
        const month = businessMonth(new Date(payment.capturedAt));
        if (purchase.sku === 'plan.pharmapulse-one' && !granted.has(month)) {
          findings.fault('grant_missing', subjectOf(purchase), month, null);
          granted.add(month);
        }
      }
      if (subscription === null) return;
      checkMark(settled, subscription.nextGrantAt, now, findings);
      for (const { month, amount } of decidedMonths(settled, subscription, now)) {
        if (!granted.has(month)) findings.fault('grant_missing', `month ${month}`, amount, null);
      }
    },
  };
}

/** A refund may have been noted by a clock that is behind the one of the server that granted. */
const later = (instant: string) => new Date(new Date(instant).getTime() + clocksApartMs);

/** A month may have begun by the clock of the server that granted it, and not yet by the one that verifies. */
const clocksApartMs = 10 * 60_000;

const subjectOf = (purchase: PurchaseFact) => `purchase ${purchase.purchaseId}`;

/** The months of what is paid and has not gone back, up to the one that is decided next. */
function decidedMonths(settled: readonly Settled[], { nextGrantAt }: SubscriptionFact, now: Date) {
  const paid = settled.flatMap(({ purchase: { sku, state }, payment }) =>
    sku === 'topup.50k' || state !== 'paid' ? [] : [{ sku, paidAt: new Date(payment.capturedAt), endedAt: null }],
  );
  const decided = nextGrantAt === null ? '' : businessMonth(new Date(nextGrantAt));
  return grantMonthsToGive(paid, now)
    .filter(({ month }) => month < decided)
    .map(({ month }) => ({ month, amount: planIncludes.monthlyCredits }));
}

/** The mark itself decides what counts as missing: it must be the start of a month, and no later than the next one. */
function checkMark(settled: readonly Settled[], mark: string | null, now: Date, findings: Findings): void {
  const owned = settled.some(({ purchase: { sku, state } }) => sku === 'plan.pharmapulse-one' && state === 'paid');
  if (!owned || mark === null) {
    if (owned || mark !== null) {
      findings.fault('grant_schedule', 'subscription', owned ? 'a month' : 'none without a plan', mark);
    }
    return;
  }
  const latest = nextMonthStart(new Date(now.getTime() + clocksApartMs));
  const start = startOfMonth(businessMonth(new Date(mark))).toISOString();
  if (mark !== start || new Date(mark) > latest) {
    findings.fault('grant_schedule', 'subscription', `the start of a month up to ${latest.toISOString()}`, mark);
  }
}

/**
 * Whether a grant was due in a month: the org was not lapsed when it began, or bought the plan in it, or came back from a
 * lapse in it. Told from the payments alone, so that a changed subscription row cannot excuse a grant; what went back counts
 * until then. The due date that a renewal names says less: it changes when one before it goes back.
 */
function dueMonths(settled: readonly Settled[], now: Date): (month: string) => boolean {
  const history = settled.flatMap(({ purchase: { sku, state, closedAt }, payment }) => {
    const endedAt = state === 'refunded' && closedAt !== null ? later(closedAt) : null;
    return sku === 'topup.50k' ? [] : [{ sku, paidAt: new Date(payment.capturedAt), endedAt }];
  });
  const thisMonth = businessMonth(new Date(now.getTime() + clocksApartMs));
  return (month) => /^\d{4}-(0[1-9]|1[0-2])$/.test(month) && month <= thisMonth && grantOf(history, month) !== null;
}
