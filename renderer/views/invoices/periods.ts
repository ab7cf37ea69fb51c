// The periods that an accountant asks for, from today's date in Asia/Kolkata: GSTR-1 is filed by month or by quarter, and the
// books are closed by financial year. Dates are `YYYY-MM-DD`, both included.
import type { ExportPeriod } from '../../../shared/contract/document-views.ts';
import { financialYearOf } from '../../../shared/gst/document-number.ts';
import { addDays } from '../../../shared/plan/service-year.ts';

export type PeriodName = 'thisMonth' | 'lastMonth' | 'thisQuarter' | 'lastQuarter';

export interface NamedPeriod extends ExportPeriod {
  readonly name: PeriodName;
}

/** `monthsBack` months before that of `date`; the first of it. */
function firstOfMonth(date: string, monthsBack: number): string {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - monthsBack;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}

function span(from: string, months: number): ExportPeriod {
  return { from, to: addDays(firstOfMonth(from, -months), -1) };
}

export function namedPeriods(today: string): readonly NamedPeriod[] {
  const intoQuarter = (Number(today.slice(5, 7)) - 1) % 3;
  return [
    { name: 'thisMonth', ...span(firstOfMonth(today, 0), 1) },
    { name: 'lastMonth', ...span(firstOfMonth(today, 1), 1) },
    { name: 'thisQuarter', ...span(firstOfMonth(today, intoQuarter), 3) },
    { name: 'lastQuarter', ...span(firstOfMonth(today, intoQuarter + 3), 3) },
  ];
}

/** `26-27` → 1 April 2026 to 31 March 2027. */
export function yearPeriod(financialYear: string): ExportPeriod {
  return span(`20${financialYear.slice(0, 2)}-04-01`, 12);
}

/** Today's financial year and those that documents are of, newest first. */
export function yearsToExport(today: string, held: readonly string[]): readonly string[] {
  return [...new Set([financialYearOf(today), ...held])].sort().reverse();
}
