// What credits were used for, and how long they last: from the mirror, so that both are there without a network.

import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { UsagePeriod, UsageView } from '../../shared/contract/usage-views.ts';
import { forecastOf, lookBackDays } from '../../shared/plan/forecast.ts';
import { lapseDate } from '../../shared/plan/renewal.ts';
import { addDays, businessDate } from '../../shared/plan/service-year.ts';
import type { Forecast } from '../../shared/plan/shapes.ts';
import type { Mirror } from '../mirror/open.ts';
import { firstDay, readDaySums } from '../mirror/usage.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import { rangeOf, usageOf } from '../usage/fold.ts';

export interface UsageParts {
  readonly mirror: Mirror;
  readonly time: TrustedTime;
}

export function viewUsage({ mirror, time }: UsageParts, period: UsagePeriod): UsageView {
  const range = rangeOf(period, businessDate(time.now()));
  return usageOf(period, range, readDaySums(mirror, range.from, range.to), firstDay(mirror));
}

export interface RecentUse {
  /** `YYYY-MM` of the data that is shown, and what was used in it. */
  readonly month: string;
  readonly usedThisMonth: number;
  readonly forecast: Forecast;
}

interface RecentFacts {
  readonly available: number;
  /** When the rows that we hold were last known to be all. */
  readonly verifiedAt: string;
  readonly now: Date;
  readonly plan: OverviewView['plan'];
}

/** As of the data that is shown, not as of today: what was used since the last contact nobody here can know. */
export function recentUse(mirror: Mirror, { available, verifiedAt, now, plan }: RecentFacts): RecentUse {
  const asOf = businessDate(new Date(verifiedAt));
  const month = asOf.slice(0, 7);
  const back = addDays(asOf, -lookBackDays);
  const begin = back < `${month}-01` ? back : `${month}-01`;
  const spends = readDaySums(mirror, begin, asOf).filter(({ kind }) => kind === 'spend');
  const spent = new Map<string, number>();
  for (const { day, sum } of spends) spent.set(day, (spent.get(day) ?? 0) - sum);
  const said = forecastOf({
    available,
    today: asOf,
    spent,
    since: firstDay(mirror),
    monthlyGrant: plan?.features['credits.monthly_grant'] === true ? plan.monthlyCreditGrant : 0,
    grantsEnd: plan?.nextDue == null || plan.renewalMode !== 'manual' ? null : lapseDate(plan.nextDue),
  });
  const usedThisMonth = [...spent].reduce((sum, [day, of]) => (day.startsWith(month) ? sum + of : sum), 0);
  // A day that is over already, because the data is old, would be no forecast.
  const past = said.kind === 'runs_out' && said.on < businessDate(now);
  return { month, usedThisMonth, forecast: past ? { kind: 'outdated' } : said };
}
