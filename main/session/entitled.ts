// What an org is entitled to, as far as this counter can know: the plan's own rules on the believed statement's dates, at the
// earliest time that it can be, up to the statement's end; after that as at its end. So a wrong clock takes nothing away. It
// is stale, and shown as what was known last, wherever a later time that is possible too would say something else.
import type { ToldClaims } from '../../shared/contract/told-status.ts';
import { daysLeftAt, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import type { Features, RenewalStatus } from '../../shared/plan/shapes.ts';
import type { TimeWindow } from './trusted-time.ts';

/** The dates of a statement; iat and exp in seconds. */
export type EntitledFacts = Pick<ToldClaims, 'iat' | 'exp' | 'plan' | 'serviceRenewalNextDue'>;

export interface Entitled {
  readonly facts: EntitledFacts;
  readonly status: RenewalStatus;
  readonly features: Features;
  /** Null without a plan, and while the day is not known. */
  readonly daysLeft: number | null;
  /** When status and features are as they stand here. */
  readonly asOf: Date;
  /** It may be another by now. */
  readonly stale: boolean;
  /** It probably is another by now, or nobody can say. */
  readonly doubtful: boolean;
}

export function entitledIn(facts: EntitledFacts, { least, most, hint }: TimeWindow): Entitled {
  const end = facts.exp * 1000;
  // It was not yet made before it was made, whatever is known of the time.
  const earliest = Math.max(least.getTime(), facts.iat * 1000);
  const asOf = new Date(Math.min(earliest, end));
  const status = renewalStatusAt(facts, asOf);
  const isSaidOf = (time: Date | null): boolean => {
    const at = time === null ? null : new Date(Math.max(time.getTime(), earliest));
    return at !== null && at.getTime() <= end && renewalStatusAt(facts, at) === status;
  };
  const stale = !isSaidOf(most);
  const isDayKnown = !stale && most !== null && businessDate(most) === businessDate(asOf);
  return {
    facts,
    status,
    features: featuresOf(status),
    daysLeft: isDayKnown ? daysLeftAt(facts, asOf) : null,
    asOf,
    stale,
    doubtful: stale && !isSaidOf(hint),
  };
}
