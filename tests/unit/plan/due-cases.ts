// The plan's calendar as tables: every instant at which something changes, one second before, at, and after, with what is
// right written out by hand from a calendar. Nothing in here is computed. Instants are written as India's wall clock has
// them; India has been at +05:30 since 1945 and knows no summer time.

/** The answer at an instant: status, then days left. */
export type Answer = `${'active' | 'due_soon' | 'past_due' | 'lapsed'} ${number}`;

/** A due date, the date on which it lapses, and what holds at which instant. */
export interface DueCase {
  readonly why: string;
  readonly due: string;
  readonly lapses: string;
  readonly at: readonly (readonly [instant: string, answer: Answer])[];
}

export const dueCases: readonly DueCase[] = [
  {
    why: 'in the middle of a month',
    due: '2027-11-22',
    lapses: '2027-12-07',
    at: [
      ['2026-11-22T00:00:00+05:30', 'active 365'],
      ['2027-10-22T23:59:59+05:30', 'active 31'],
      ['2027-10-23T00:00:00+05:30', 'due_soon 30'],
      ['2027-10-23T00:00:01+05:30', 'due_soon 30'],
      ['2027-10-23T23:59:59+05:30', 'due_soon 30'],
      ['2027-10-24T00:00:00+05:30', 'due_soon 29'],
      ['2027-11-06T23:59:59+05:30', 'due_soon 16'],
      ['2027-11-07T00:00:00+05:30', 'due_soon 15'],
      ['2027-11-14T23:59:59+05:30', 'due_soon 8'],
      ['2027-11-15T00:00:00+05:30', 'due_soon 7'],
      ['2027-11-20T23:59:59+05:30', 'due_soon 2'],
      ['2027-11-21T00:00:00+05:30', 'due_soon 1'],
      ['2027-11-21T23:59:59+05:30', 'due_soon 1'],
      ['2027-11-22T00:00:00+05:30', 'past_due 15'],
      ['2027-11-22T00:00:01+05:30', 'past_due 15'],
      ['2027-11-22T23:59:59+05:30', 'past_due 15'],
      ['2027-11-23T00:00:00+05:30', 'past_due 14'],
      ['2027-12-05T23:59:59+05:30', 'past_due 2'],
      ['2027-12-06T00:00:00+05:30', 'past_due 1'],
      ['2027-12-06T23:59:59+05:30', 'past_due 1'],
      ['2027-12-07T00:00:00+05:30', 'lapsed 0'],
      ['2027-12-07T00:00:01+05:30', 'lapsed 0'],
      ['2027-12-08T00:00:00+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '29 February of a leap year',
    due: '2028-02-29',
    lapses: '2028-03-15',
    at: [
      ['2028-01-29T23:59:59+05:30', 'active 31'],
      ['2028-01-30T00:00:00+05:30', 'due_soon 30'],
      ['2028-01-30T00:00:01+05:30', 'due_soon 30'],
      ['2028-02-28T23:59:59+05:30', 'due_soon 1'],
      ['2028-02-29T00:00:00+05:30', 'past_due 15'],
      ['2028-02-29T00:00:01+05:30', 'past_due 15'],
      ['2028-03-14T23:59:59+05:30', 'past_due 1'],
      ['2028-03-15T00:00:00+05:30', 'lapsed 0'],
      ['2028-03-15T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '28 February of a leap year: the 29th is a day of the grace',
    due: '2028-02-28',
    lapses: '2028-03-14',
    at: [
      ['2028-01-28T23:59:59+05:30', 'active 31'],
      ['2028-01-29T00:00:00+05:30', 'due_soon 30'],
      ['2028-01-29T00:00:01+05:30', 'due_soon 30'],
      ['2028-02-27T23:59:59+05:30', 'due_soon 1'],
      ['2028-02-28T00:00:00+05:30', 'past_due 15'],
      ['2028-02-28T00:00:01+05:30', 'past_due 15'],
      ['2028-02-29T00:00:00+05:30', 'past_due 14'],
      ['2028-03-01T00:00:00+05:30', 'past_due 13'],
      ['2028-03-13T23:59:59+05:30', 'past_due 1'],
      ['2028-03-14T00:00:00+05:30', 'lapsed 0'],
      ['2028-03-14T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '28 February of another year',
    due: '2029-02-28',
    lapses: '2029-03-15',
    at: [
      ['2029-01-28T23:59:59+05:30', 'active 31'],
      ['2029-01-29T00:00:00+05:30', 'due_soon 30'],
      ['2029-01-29T00:00:01+05:30', 'due_soon 30'],
      ['2029-02-27T23:59:59+05:30', 'due_soon 1'],
      ['2029-02-28T00:00:00+05:30', 'past_due 15'],
      ['2029-02-28T00:00:01+05:30', 'past_due 15'],
      ['2029-03-01T00:00:00+05:30', 'past_due 14'],
      ['2029-03-14T23:59:59+05:30', 'past_due 1'],
      ['2029-03-15T00:00:00+05:30', 'lapsed 0'],
      ['2029-03-15T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: 'just after a leap day: the reminder counts the 29th',
    due: '2028-03-15',
    lapses: '2028-03-30',
    at: [
      ['2028-02-13T23:59:59+05:30', 'active 31'],
      ['2028-02-14T00:00:00+05:30', 'due_soon 30'],
      ['2028-02-14T00:00:01+05:30', 'due_soon 30'],
      ['2028-03-14T23:59:59+05:30', 'due_soon 1'],
      ['2028-03-15T00:00:00+05:30', 'past_due 15'],
      ['2028-03-29T23:59:59+05:30', 'past_due 1'],
      ['2028-03-30T00:00:00+05:30', 'lapsed 0'],
      ['2028-03-30T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '31 March, the end of the financial year',
    due: '2027-03-31',
    lapses: '2027-04-15',
    at: [
      ['2027-02-28T23:59:59+05:30', 'active 31'],
      ['2027-03-01T00:00:00+05:30', 'due_soon 30'],
      ['2027-03-01T00:00:01+05:30', 'due_soon 30'],
      ['2027-03-30T23:59:59+05:30', 'due_soon 1'],
      ['2027-03-31T00:00:00+05:30', 'past_due 15'],
      ['2027-03-31T00:00:01+05:30', 'past_due 15'],
      ['2027-04-01T00:00:00+05:30', 'past_due 14'],
      ['2027-04-14T23:59:59+05:30', 'past_due 1'],
      ['2027-04-15T00:00:00+05:30', 'lapsed 0'],
      ['2027-04-15T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '31 December: the grace reaches into the next year',
    due: '2027-12-31',
    lapses: '2028-01-15',
    at: [
      ['2027-11-30T23:59:59+05:30', 'active 31'],
      ['2027-12-01T00:00:00+05:30', 'due_soon 30'],
      ['2027-12-01T00:00:01+05:30', 'due_soon 30'],
      ['2027-12-30T23:59:59+05:30', 'due_soon 1'],
      ['2027-12-31T00:00:00+05:30', 'past_due 15'],
      ['2027-12-31T00:00:01+05:30', 'past_due 15'],
      ['2028-01-01T00:00:00+05:30', 'past_due 14'],
      ['2028-01-14T23:59:59+05:30', 'past_due 1'],
      ['2028-01-15T00:00:00+05:30', 'lapsed 0'],
      ['2028-01-15T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: '1 January: the reminder begins in the year before',
    due: '2027-01-01',
    lapses: '2027-01-16',
    at: [
      ['2026-12-01T23:59:59+05:30', 'active 31'],
      ['2026-12-02T00:00:00+05:30', 'due_soon 30'],
      ['2026-12-02T00:00:01+05:30', 'due_soon 30'],
      ['2026-12-31T23:59:59+05:30', 'due_soon 1'],
      ['2027-01-01T00:00:00+05:30', 'past_due 15'],
      ['2027-01-01T00:00:01+05:30', 'past_due 15'],
      ['2027-01-15T23:59:59+05:30', 'past_due 1'],
      ['2027-01-16T00:00:00+05:30', 'lapsed 0'],
      ['2027-01-16T00:00:01+05:30', 'lapsed 0'],
    ],
  },
  {
    why: 'on days when other countries change their clocks',
    due: '2027-03-14',
    lapses: '2027-03-29',
    at: [
      // 14 March 2027: Los Angeles skips the hour from 2:00, which is 15:30 in India.
      ['2027-03-13T23:59:59+05:30', 'due_soon 1'],
      ['2027-03-14T00:00:00+05:30', 'past_due 15'],
      ['2027-03-14T15:29:59+05:30', 'past_due 15'],
      ['2027-03-14T15:30:00+05:30', 'past_due 15'],
      // 28 March 2027: London skips the hour from 1:00, which is 6:30 in India.
      ['2027-03-28T06:29:59+05:30', 'past_due 1'],
      ['2027-03-28T06:30:00+05:30', 'past_due 1'],
      ['2027-03-28T23:59:59+05:30', 'past_due 1'],
      ['2027-03-29T00:00:00+05:30', 'lapsed 0'],
    ],
  },
  {
    why: 'the server or the counter was off for 400 days',
    due: '2027-11-22',
    lapses: '2027-12-07',
    at: [
      // Off from the middle of the year before, from the reminder, from the grace: 400 days later each.
      ['2028-02-05T00:00:00+05:30', 'lapsed 0'],
      ['2028-11-26T09:00:00+05:30', 'lapsed 0'],
      ['2028-12-26T09:00:00+05:30', 'lapsed 0'],
      // And a clock that stands far before the plan was bought.
      ['2026-10-18T09:00:00+05:30', 'active 400'],
      ['1927-11-22T12:00:00+05:30', 'active 36525'],
      ['2127-11-22T12:00:00+05:30', 'lapsed 0'],
    ],
  },
];
