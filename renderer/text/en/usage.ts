// English: what credits were used for, and how long they last.
export const usage = {
  lead: 'Credits used by AI features, by day and by feature.',
  period: {
    label: 'Period',
    days_7: 'Last 7 days',
    days_30: 'Last 30 days',
    days_90: 'Last 90 days',
    months_12: 'Last 12 months',
  },
  total: 'Used',
  granted: 'Added, less taken back',
  most: 'Most on one day',
  mostMonth: 'Most in one month',
  chart: {
    title: { day: 'Used by day', month: 'Used by month' },
    label: (from: string, to: string, spent: string) =>
      `Credits used from ${from} to ${to}: ${spent}. The tables below have the same numbers.`,
    of: (when: string, spent: string) => `${when}: ${spent} used`,
    hint: 'Point at a bar for its numbers.',
  },
  byFeature: 'By feature',
  byDay: { day: 'By day', month: 'By month' },
  columns: {
    feature: 'Feature',
    day: 'Day',
    month: 'Month',
    used: 'Used',
    share: 'Share',
    granted: 'Added or taken back',
  },
  others: 'Other features',
  withoutFeature: 'Without a feature',
  since: (date: string) => `The ledger begins on ${date}.`,
  none: {
    title: 'Nothing was used in this period',
    body: 'As soon as AI features use credits, you see here on which days and for what.',
  },
};

export const recentUse = {
  used: (month: string) => `Used in ${month}`,
  forecast: 'At this pace',
  runsOut: (date: string) => `enough until ${date}`,
  lasts: 'enough for more than a year',
  unknown: 'too little use to say',
  usedUp: 'all used up',
  outdated: 'data is too old to say',
  details: 'See usage',
};
