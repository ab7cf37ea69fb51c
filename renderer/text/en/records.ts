// English: the ledger and the counters.
export const ledger = {
  title: 'Ledger',
  columns: { date: 'Date', what: 'What', credits: 'Credits', balance: 'Balance after' },
  caption: 'All credits in and out, newest first',
  kinds: {
    monthlyGrant: (month: string | null) => (month === null ? 'Monthly credits' : `Monthly credits for ${month}`),
    topup: 'Top-up',
    spend: (feature: string | null) => (feature === null ? 'Used' : `Used by ${feature}`),
    reversal: 'Taken back after a refund',
    adjustment: 'Correction by support',
    unknown: (kind: string) => `Other (${kind})`,
  },
  features: {
    'ai.assist': 'AI assistant',
    'ai.batch': 'AI batch work',
    'ai.chat': 'AI chat',
  } as Readonly<Record<string, string>>,
  entry: (seq: string) => `No. ${seq}`,
  empty: { title: 'No entries yet', body: 'The first 50,000 credits arrive when you buy the plan.' },
};

export const counters = {
  title: 'Counters',
  lead: 'PCs that work for this pharmacy.',
  add: 'Add a counter',
  columns: { added: 'Added', seen: 'Last seen' },
  current: 'This counter',
  active: 'Active',
  revoked: 'Removed',
  never: 'Not yet',
  moreExist: 'There are more counters than are shown here.',
  empty: { title: 'No counters', body: 'Add a counter to use PharmaPulse One on another PC.' },
  code: {
    title: 'Add a counter',
    lead: 'On the other PC: open PharmaPulse One, choose “Join with code” and type this code.',
    label: 'Join code',
    left: (minutes: string) => `Works for ${minutes} more`,
    once: 'It can be used once.',
    ended: 'This code has expired.',
    again: 'Make a new code',
    done: 'Done',
  },
};
