// English: what the desktop shell says outside of its window.
import type { ShellWords } from './shell-words.ts';

const days = (n: number) => (n === 1 ? '1 day' : `${n} days`);

export const en: ShellWords = {
  locale: 'en-IN',
  time: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', hour12: true },
  name: 'PharmaPulse One',
  menu: { open: 'Open', sync: 'Sync now', quit: 'Quit' },
  notSetUp: 'Not set up yet',
  removed: 'Removed from the pharmacy',
  credits: (n) => `${n} credits`,
  creditsLow: (n) => `${n} credits left, running low`,
  creditsOut: 'No credits left',
  plan: {
    none: () => 'Plan not bought yet',
    due_soon: (left) => `Renewal due in ${days(left)}`,
    past_due: (left) => `Renewal overdue, ${days(left)} of grace left`,
    lapsed: () => 'Renewal lapsed, some features off',
  },
  lastKnown: (line) => `Last known: ${line}`,
  online: (at) => `Online, data from ${at}`,
  offline: (at) => `Offline, as of ${at}`,
  connecting: (at) => `Connecting, as of ${at}`,
  notAccepted: (at) => `As of ${at}`,
  noData: 'No data from the server yet',
  cannotStart: {
    title: 'PharmaPulse One cannot start',
    in_use: (place) => `Another counter is already running on the data folder ${place}.`,
    newer_data: (place) =>
      `The data in ${place} was written by a newer version of PharmaPulse One billing. Update this app; nothing was changed.`,
    damaged_outbox: (place) =>
      `The list of waiting purchases is damaged and cannot be read. It is kept in ${place}; please ask support before you go on. Starting again begins with an empty list.`,
    not_durable: (place) =>
      `The disk under ${place} cannot promise to keep what is saved. Move the data to a disk of this PC, or ask support.`,
    unknown: (reason) => `Start the app again; if it stays, give this line to support.\n\n${reason}`,
  },
};
