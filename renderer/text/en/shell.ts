// English: the frame around every screen, the connection line, and what all screens share.
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('en-IN');
const since = (time: string, ago: string | null) => (ago === null ? time : `${time}, ${ago}`);

export const shell = {
  product: 'PharmaPulse One',
  section: 'Billing',
  skip: 'Skip to content',
  nav: {
    label: 'Main',
    overview: 'Overview',
    purchases: 'Purchases',
    invoices: 'Invoices',
    ledger: 'Ledger',
    usage: 'Usage',
    counters: 'Counters',
    settings: 'Settings',
    waiting: (n: number, shown: string) =>
      plural(n, { one: `${shown} purchase waiting`, other: `${shown} purchases waiting` }),
  },
  starting: 'Starting…',
  notStarted: 'The screen could not be filled',
  away: {
    title: 'The counter program is not running',
    body: 'Start PharmaPulse One on this PC. This page connects by itself as soon as it runs.',
    link: 'If it runs and this page still does not connect, open the link that it shows.',
    kept: 'What you see below is from before.',
  },
  testMoney: 'Test money',
  testMoneyHint: 'Payments here use the built-in test bank. No real money moves.',
  testTime: (time: string) => `Test time ${time}`,
  testTimeHint: 'The server’s clock was moved for trying out. It is not the time of this PC.',
  version: (version: string) => `Version ${version}`,
  counterName: (name: string) => `This counter: ${name}`,
  loading: 'Loading…',
  retry: 'Try again',
  refresh: 'Refresh',
  refreshing: 'Refreshing…',
  close: 'Close',
  dismiss: 'Dismiss message',
  messages: 'Messages',
  olderData: 'What you see is from the last time it worked.',
  date: {
    hint: 'dd/mm/yyyy',
    fault: 'Type day, month and year, such as 22/11/2026.',
    calendar: (label: string) => `${label}: choose from a calendar`,
    previous: 'Previous month',
    next: 'Next month',
  },
};

export const sync = {
  label: 'Connection',
  online: 'Online',
  offline: 'Offline',
  asked: 'Server busy',
  connecting: 'Connecting…',
  refused: 'Not accepted',
  away: 'Not running',
  dataFrom: (time: string, ago: string | null) => `Data from ${since(time, ago)}`,
  offlineFrom: (time: string, ago: string | null) => `Offline – showing data from ${since(time, ago)}`,
  askedFrom: (until: string, time: string | null, ago: string | null) =>
    `Asked to wait until ${until} – ${time === null ? 'no data from the server yet' : `showing data from ${since(time, ago)}`}`,
  neverOnline: 'No data from the server yet',
  neverOffline: 'Offline – no data from the server yet',
  refusedFrom: (time: string, ago: string | null) =>
    `Not accepted by the server – showing data from ${since(time, ago)}`,
  refusedNever: 'The server does not accept this counter',
  justNow: 'just now',
  clockWrong: {
    title: "This PC's clock is wrong",
    body: "Set the date and time of this PC. Nothing is lost and nothing is locked: the app goes by the server's time.",
  },
  revoked: {
    title: 'This counter was removed from the pharmacy',
    body: 'You can still read what is here. To use the counter again, join with a code from another counter.',
    action: 'Join again with a code',
  },
};
