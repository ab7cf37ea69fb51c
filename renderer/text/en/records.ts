// English: the ledger and the counters.
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('en-IN');

const waitingHere = (n: number) =>
  n === 0
    ? ''
    : plural(n, {
        one: 'The purchase that waits here is not sent. ',
        other: `The ${n} purchases that wait here are not sent. `,
      });

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
  lead: 'The PCs that your pharmacy uses.',
  add: 'Add a counter',
  columns: { added: 'Added', seen: 'Last seen' },
  current: 'This counter',
  active: 'Active',
  revoked: 'Removed',
  never: 'never',
  asOf: (time: string) => `Listed on ${time}; it may have changed since.`,
  needsConnection: 'Adding, renaming and removing need the connection.',
  rename: {
    action: 'Rename',
    of: (name: string) => `Rename ${name}`,
    label: (name: string) => `New name for ${name}`,
    save: 'Save name',
    saving: 'Saving…',
    cancel: 'Cancel',
    fault: 'Enter a name with at least one letter or digit, at most 100 characters.',
    taken: 'Another counter has this name already. Choose one that tells them apart.',
    done: (name: string) => `Renamed to ${name}.`,
  },
  revoke: {
    action: 'Remove',
    of: (name: string) => `Remove ${name}`,
    title: (name: string) => `Remove ${name}?`,
    body: 'It stops working at once: nothing more is sent from it, not even the purchases that wait on it. What it holds can still be read there. It can join again with a code from another counter.',
    yes: 'Yes, remove it',
    no: 'Keep it',
    selfTitle: 'Remove the counter you are working on?',
    selfBody: (waiting: number) =>
      `This counter stops working at once: it can only show what it holds. ${waitingHere(waiting)}To work on it again you need a code from another counter.`,
    selfYes: 'Yes, remove this one',
    working: 'Removing…',
    onlyOne: 'The only counter in use cannot be removed: no other could let it in again.',
    done: (name: string) => `${name} was removed.`,
  },
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
