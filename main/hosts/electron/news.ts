// What is worth a notice of the operating system: pure, from what was seen before and what is seen now. What has been
// seen is kept on disk by the caller, so that nothing is told again at the next start.
import { z } from 'zod';
import type { OverviewView, PurchaseView } from '../../../shared/contract/views.ts';

export interface OsNotice {
  readonly title: string;
  readonly body: string;
}

/** Each part is a word for how things stand; a word that changes is news. */
export const seen = z.object({
  credits: z.enum(['unknown', 'enough', 'low', 'out']),
  renewal: z.string(),
  session: z.enum(['none', 'active', 'revoked']),
  purchases: z.record(z.string(), z.string()),
});
export type Seen = z.infer<typeof seen>;

export const lowCredits = 5_000;
const reminderDays = [1, 7, 15, 30];

/** The reminder that is in force: one each at 30, 15, 7 and 1 days, on the due date, and on lapse. */
function renewalWord(plan: OverviewView['plan']): string {
  if (plan === null || plan.nextDue === null) return 'none';
  const days = reminderDays.find((most) => plan.status === 'due_soon' && (plan.daysLeft ?? 0) <= most);
  return `${plan.nextDue} ${plan.status}${days === undefined ? '' : ` ${days}`}`;
}

function creditsWord(overview: OverviewView): Seen['credits'] {
  if (overview.credits === null || overview.plan?.owned !== true) return 'unknown';
  const { available } = overview.credits;
  if (available > 0) return available < lowCredits ? 'low' : 'enough';
  return 'out';
}

export function lookAt(overview: OverviewView, purchases: readonly PurchaseView[]): Seen {
  const words = purchases.map((one) => [one.id, `${one.state} ${one.lastFailure?.at ?? ''}`] as const);
  return {
    credits: creditsWord(overview),
    renewal: renewalWord(overview.plan),
    session: overview.session.state,
    purchases: Object.fromEntries(words),
  };
}

function aboutCredits(now: Seen, overview: OverviewView): OsNotice[] {
  const left = new Intl.NumberFormat('en-IN').format(overview.credits?.available ?? 0);
  if (now.credits === 'low') return [{ title: 'AI credits are running low', body: `${left} credits are left.` }];
  return now.credits === 'out' ? [{ title: 'No AI credits are left', body: 'Add credits to go on using AI.' }] : [];
}

function aboutRenewal({ plan }: OverviewView): OsNotice[] {
  if (plan === null) return [];
  const days = plan.daysLeft === 1 ? '1 day' : `${plan.daysLeft ?? 0} days`;
  if (plan.status === 'due_soon')
    return [{ title: `Renewal is due in ${days}`, body: `It is due on ${plan.nextDue}.` }];
  if (plan.status === 'past_due') {
    return [{ title: 'Renewal is past due', body: `${days} left before some features are turned off.` }];
  }
  if (plan.status !== 'lapsed') return [];
  return [{ title: 'Renewal has lapsed', body: 'Some features are off until you renew. Your data and credits stay.' }];
}

function aboutPurchase(was: string | undefined, one: PurchaseView): OsNotice[] {
  const before = was?.split(' ')[0];
  if (one.state !== before) {
    if (one.state === 'paid') return [{ title: 'Payment received', body: 'The purchase is complete.' }];
    if (one.state === 'needs_confirmation') {
      return [{ title: 'A purchase needs your decision', body: 'The price has changed since it was saved.' }];
    }
  }
  const failed = one.state === 'awaiting_payment' && one.lastFailure !== null;
  return failed ? [{ title: 'Payment failed', body: 'No credits were added. You can try to pay again.' }] : [];
}

/** Nothing at the very first look: what a new counter finds has happened long ago. */
export function newsBetween(
  before: Seen | null,
  overview: OverviewView,
  purchases: readonly PurchaseView[],
): OsNotice[] {
  const now = lookAt(overview, purchases);
  if (before === null) return [];
  const changed = purchases.filter((one) => one.mine && before.purchases[one.id] !== now.purchases[one.id]);
  return [
    ...(now.session === 'revoked' && before.session !== 'revoked'
      ? [{ title: 'This counter was removed', body: 'What it has stays readable. Join again with a code.' }]
      : []),
    ...(now.credits === before.credits ? [] : aboutCredits(now, overview)),
    ...(now.renewal === before.renewal ? [] : aboutRenewal(overview)),
    ...changed.flatMap((one) => aboutPurchase(before.purchases[one.id], one)),
  ];
}
