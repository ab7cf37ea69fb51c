// Use of credits in words: slices of time, and the features that have a part in them.
import type { UsagePeriod, UsageView } from '../../shared/contract/usage-views.ts';
import { featureName } from './entry-words.ts';
import type { Words } from './purchase-words.ts';

type Slice = UsageView['slices'][number];

export interface NamedPart {
  readonly name: string;
  /** Class of its colour, the same in chart, legend and table. */
  readonly look: string;
  readonly spent: number;
  readonly of: (slice: Slice) => number;
}

const looks = ['part1', 'part2', 'part3', 'part4', 'part5', 'part6'];

/** The named features, and the rest where there is one. */
export function partsOf(words: Words, usage: UsageView): NamedPart[] {
  const { others, withoutFeature } = words.text.usage;
  const named = usage.features.map(({ feature, spent }, at) => ({
    name: feature === null ? withoutFeature : featureName(words, feature),
    look: looks[at] ?? 'rest',
    spent,
    of: (slice: Slice) => slice.parts[at] ?? 0,
  }));
  if (usage.others === 0) return named;
  const rest = (slice: Slice) => slice.parts.reduce((left, part) => left - part, slice.spent);
  return [...named, { name: others, look: 'rest', spent: usage.others, of: rest }];
}

export function sliceName({ format }: Words, period: UsagePeriod, key: string): string {
  return period === 'months_12' ? (format.month(key) ?? key) : format.calendarDate(key);
}
