// What the plan's functions answer to the tables. Run as a program it prints them, so that a test can ask in a process
// that stands in another time zone.
import {
  daysLeftAt,
  lapseDate,
  nextDueAfterPlan,
  nextDueAfterRenewal,
  renewalStatusAt,
} from '../../../shared/plan/renewal.ts';
import { businessDate, businessMonth, startOfBusinessDate } from '../../../shared/plan/service-year.ts';
import { dateCases, lifeCases, planCases, renewalCases, startCases } from './cases.ts';
import { dueCases } from './due-cases.ts';

/** In the words of the tables: one line a case. */
export interface Lines {
  readonly due: readonly string[];
  readonly lapse: readonly string[];
  readonly plan: readonly string[];
  readonly renewal: readonly string[];
  readonly life: readonly string[];
  readonly date: readonly string[];
  readonly start: readonly string[];
}

export function given(): Lines {
  return {
    due: dueCases.flatMap(({ due, at }) =>
      at.map(([instant]) => {
        const facts = { serviceRenewalNextDue: due };
        const then = new Date(instant);
        return `due ${due}, at ${instant}: ${renewalStatusAt(facts, then)} ${daysLeftAt(facts, then)}`;
      }),
    ),
    lapse: dueCases.map(({ due }) => `due ${due}: ${lapseDate(due)}`),
    plan: planCases.map(([paidAt]) => `paid ${paidAt}: ${nextDueAfterPlan(new Date(paidAt))}`),
    renewal: renewalCases.map(
      ([due, paidAt]) => `${due} paid ${paidAt}: ${nextDueAfterRenewal(due, new Date(paidAt))}`,
    ),
    life: lifeCases.flatMap(([, paid]) => {
      let due: string | null = null;
      return paid.map(([at]) => {
        due = due === null ? nextDueAfterPlan(new Date(at)) : nextDueAfterRenewal(due, new Date(at));
        return `paid ${at}: ${due}`;
      });
    }),
    date: dateCases.map(([instant]) => {
      const then = new Date(instant);
      return `${instant}: ${businessDate(then)} ${businessMonth(then)}`;
    }),
    start: startCases.map(([date]) => `${date}: ${startOfBusinessDate(date).toISOString()}`),
  };
}

export function expected(): Lines {
  return {
    due: dueCases.flatMap(({ due, at }) => at.map(([instant, answer]) => `due ${due}, at ${instant}: ${answer}`)),
    lapse: dueCases.map(({ due, lapses }) => `due ${due}: ${lapses}`),
    plan: planCases.map(([paidAt, due]) => `paid ${paidAt}: ${due}`),
    renewal: renewalCases.map(([due, paidAt, next]) => `${due} paid ${paidAt}: ${next}`),
    life: lifeCases.flatMap(([, paid]) => paid.map(([at, due]) => `paid ${at}: ${due}`)),
    date: dateCases.map(([instant, date, month]) => `${instant}: ${date} ${month}`),
    start: startCases.map(([date, instant]) => `${date}: ${instant}`),
  };
}

if (process.argv[1] === import.meta.filename) {
  // The offset says that the process does stand where it was put.
  console.log(JSON.stringify({ offset: new Date(2027, 0, 1).getTimezoneOffset(), lines: given() }));
}
