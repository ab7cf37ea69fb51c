// Hindi, whole: the words that a pharmacist in Uttar Pradesh uses at the counter, with the loan words that Indian software and
// bills have (क्रेडिट, प्लान, इनवॉइस, काउंटर, पेमेंट) and no Sanskrit in their place. Numbers have Latin digits, as Indian
// bills, bank apps and accounting programs write them in Hindi too, grouped the Indian way.
import type { Messages } from '../en.ts';
import { activation } from './activation.ts';
import { buying } from './buying.ts';
import { commands } from './commands.ts';
import { errors, unknownError } from './errors.ts';
import { invoices, profile } from './invoices.ts';
import { ledgerList } from './ledger-list.ts';
import { noticeList } from './notice-list.ts';
import { notices } from './notices.ts';
import { overview } from './overview.ts';
import { purchases } from './purchases.ts';
import { counters, ledger } from './records.ts';
import { settings } from './settings.ts';
import { shell, sync } from './shell.ts';
import { stateNames } from './states.ts';
import { recentUse, usage } from './usage.ts';

export const text: Messages = {
  locale: 'hi-IN-u-nu-latn',
  // शाम 4:05, since nobody says am and pm in Hindi.
  time: { hour: 'numeric', minute: '2-digit', hour12: true, dayPeriod: 'short' },
  shell,
  sync,
  activation,
  overview,
  buying,
  purchases,
  notices,
  noticeList,
  invoices,
  profile,
  ledger,
  ledgerList,
  usage,
  recentUse,
  commands,
  counters,
  settings,
  stateNames,
  errors,
  unknownError,
};
