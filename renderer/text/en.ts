// The English table of messages, whole. Another language is a table of the type Messages in a folder of its own, so that one
// that lacks a message, or has one too many, does not compile.
import { activation } from './en/activation.ts';
import { buying } from './en/buying.ts';
import { commands } from './en/commands.ts';
import { errors, unknownError } from './en/errors.ts';
import { invoices, profile } from './en/invoices.ts';
import { ledgerList } from './en/ledger-list.ts';
import { noticeList } from './en/notice-list.ts';
import { notices } from './en/notices.ts';
import { overview } from './en/overview.ts';
import { purchases } from './en/purchases.ts';
import { counters, ledger } from './en/records.ts';
import { settings } from './en/settings.ts';
import { shell, sync } from './en/shell.ts';
import { stateNames } from './en/states.ts';
import { recentUse, usage } from './en/usage.ts';
import { usualTime } from './format.ts';

export const en = {
  locale: 'en-IN',
  /** How a time of day is written: `4:05 pm`. */
  time: usualTime,
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

export type Messages = typeof en;
