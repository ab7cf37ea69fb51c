// What the user is to be told, from how things stand: pure. Each notice has a name that stays the same for the same fact,
// so that whoever keeps what was told can tell it once; the words are the screen's.
import type { Reminder } from '../../shared/contract/billing.ts';
import type { NoticeView } from '../../shared/contract/notice-views.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import { type ReminderKind, reminderKind } from '../../shared/plan/reminders.ts';

export interface Standing {
  readonly overview: OverviewView;
  readonly purchases: readonly PurchaseView[];
  /** As the server recorded them. */
  readonly reminders: readonly Reminder[];
  /** As the calendar says at the earliest time that it can be now. */
  readonly calendar: readonly ReminderKind[];
  /** Number of the newest entry that brought credits: below it, running low is the same running low. */
  readonly inflow: number;
  /** When this counter began to tell: what other counters did before is no news to it. */
  readonly since: string;
  readonly wasTold: (key: string) => boolean;
}

/** Everything that is true now and was not told yet, the most pressing first. */
export function newsOf(now: Standing): NoticeView[] {
  const all = [
    ...ofSession(now),
    ...now.purchases.flatMap((purchase) => ofPurchase(purchase, now.since)),
    ...ofRenewal(now),
    ...ofCredits(now),
  ];
  return all.filter(({ key }) => !now.wasTold(key));
}

function ofSession({ overview: { session, sync } }: Standing): NoticeView[] {
  // A token that this PC cannot open any more is no word of the server's.
  if (session.state !== 'revoked' || sync.problem === 'token_lost') return [];
  return [{ kind: 'revoked', key: `revoked ${session.deviceId}` }];
}

function ofPurchase(purchase: PurchaseView, since: string): NoticeView[] {
  const { id, state, mine, lastFailure } = purchase;
  const isNews = (at: string | null) => mine || (at !== null && at >= since);
  switch (state) {
    case 'paid':
      return isNews(purchase.paidAt) ? [{ kind: 'paid', key: `paid ${id}`, purchase }] : [];
    case 'awaiting_payment': {
      if (lastFailure === null || !isNews(lastFailure.at)) return [];
      return [{ kind: 'failed', key: `failed ${id} ${lastFailure.at}`, purchase }];
    }
    case 'needs_confirmation':
      return [{ kind: 'decision', key: `decision ${id} ${purchase.newAmountPaise}`, purchase }];
    case 'refunded':
    case 'under_review':
      return isNews(purchase.createdAt) ? [{ kind: 'moved', key: `${state} ${id}`, purchase }] : [];
    case 'rejected':
    case 'expired':
      return mine ? [{ kind: 'moved', key: `${state} ${id}`, purchase }] : [];
    case 'queued':
    case 'cancelled':
    case 'unknown':
      return [];
  }
}

/** The newest reminder of the current due date; what came before it says nothing more. */
function ofRenewal({ overview: { plan }, reminders, calendar }: Standing): NoticeView[] {
  if (plan === null || !plan.owned || plan.nextDue === null || plan.lapsesOn === null) return [];
  const { nextDue: due, lapsesOn } = plan;
  const given = reminders.filter((reminder) => reminder.due === due).map(({ kind }) => kind);
  const reminder = reminderKind.options.findLast((kind) => given.includes(kind) || calendar.includes(kind));
  if (reminder === undefined) return [];
  const autopay = plan.renewalMode === 'autopay';
  return [
    { kind: 'reminder', key: `${reminder} ${due}`, reminder, due, lapsesOn, daysLeft: plan.daysLeft ?? 0, autopay },
  ];
}

function ofCredits({ overview: { credits, plan }, inflow, wasTold }: Standing): NoticeView[] {
  if (credits === null || plan === null || !plan.owned) return [];
  const { available, lowBelow } = credits;
  const out = `credits_out ${inflow}`;
  if (available <= 0) return [{ kind: 'credits_out', key: out, available }];
  // Once they were out, a few that came free again are no news.
  if (available >= lowBelow || wasTold(out)) return [];
  return [{ kind: 'credits_low', key: `credits_low ${inflow}`, available }];
}
