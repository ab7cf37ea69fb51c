// From sums of days to what is shown of them: pure. What was used is what entries of the kind `spend` took; everything else
// came in or was taken back.
import { mostFeatures, type UsagePeriod, type UsageView } from '../../shared/contract/usage-views.ts';
import { monthAfter } from '../../shared/plan/grant-months.ts';
import { addDays } from '../../shared/plan/service-year.ts';
import type { DaySum } from '../mirror/usage.ts';

export interface Range {
  readonly from: string;
  readonly to: string;
}

const daysOf = { days_7: 7, days_30: 30, days_90: 90 } as const;

/** The days of a period that ends today. */
export function rangeOf(period: UsagePeriod, today: string): Range {
  if (period !== 'months_12') return { from: addDays(today, 1 - daysOf[period]), to: today };
  // Twelve months, of which this one is the last.
  const yearAgo = `${Number(today.slice(0, 4)) - 1}${today.slice(4, 7)}`;
  return { from: `${monthAfter(yearAgo)}-01`, to: today };
}

export function usageOf(period: UsagePeriod, range: Range, sums: readonly DaySum[], since: string | null): UsageView {
  const keyOf = (day: string) => (period === 'months_12' ? day.slice(0, 7) : day);
  const spends = sums.filter(({ kind }) => kind === 'spend');
  const ranked = [...summed(spends, ({ feature }) => feature)].sort(
    (a, b) => b[1] - a[1] || (a[0] ?? '').localeCompare(b[0] ?? ''),
  );
  const features = ranked.slice(0, mostFeatures).map(([feature, spent]) => ({ feature, spent }));
  const spentBy = summed(spends, ({ day }) => keyOf(day));
  const partsBy = summed(spends, ({ day, feature }) => partKey(keyOf(day), feature));
  const grantedBy = summed(
    sums.filter(({ kind }) => kind !== 'spend'),
    ({ day }) => keyOf(day),
  );
  const slices = keysOf(range, keyOf).map((key) => ({
    key,
    spent: spentBy.get(key) ?? 0,
    granted: wholeOf(-(grantedBy.get(key) ?? 0)),
    parts: features.map(({ feature }) => partsBy.get(partKey(key, feature)) ?? 0),
  }));
  const total = (of: (slice: (typeof slices)[number]) => number) => slices.reduce((sum, slice) => sum + of(slice), 0);
  const spent = total((slice) => slice.spent);
  const named = features.reduce((sum, feature) => sum + feature.spent, 0);
  return {
    period,
    ...range,
    spent,
    granted: total((slice) => slice.granted),
    features,
    others: spent - named,
    slices,
    since,
  };
}

const partKey = (key: string, feature: string | null) => JSON.stringify([key, feature]);
/** No `-0`, which JSON knows as 0. */
const wholeOf = (n: number) => (n === 0 ? 0 : n);

/** What was taken, by key: a spend's delta is negative. */
function summed<K>(sums: readonly DaySum[], keyOf: (sum: DaySum) => K): Map<K, number> {
  const by = new Map<K, number>();
  for (const sum of sums) by.set(keyOf(sum), (by.get(keyOf(sum)) ?? 0) - sum.sum);
  return by;
}

function keysOf({ from, to }: Range, keyOf: (day: string) => string): string[] {
  const keys = new Set<string>();
  for (let day = from; day <= to; day = addDays(day, 1)) keys.add(keyOf(day));
  return [...keys];
}
