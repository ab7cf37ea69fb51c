// The English table of messages, whole. Another language is a second table of the type Messages.
import { activation } from './en/activation.ts';
import { buying } from './en/buying.ts';
import { errors, unknownError } from './en/errors.ts';
import { invoices, profile } from './en/invoices.ts';
import { ledgerList } from './en/ledger-list.ts';
import { notices } from './en/notices.ts';
import { overview } from './en/overview.ts';
import { purchases } from './en/purchases.ts';
import { counters, ledger } from './en/records.ts';
import { shell, sync } from './en/shell.ts';
import { recentUse, usage } from './en/usage.ts';

export const en = {
  locale: 'en-IN',
  shell,
  sync,
  activation,
  overview,
  buying,
  purchases,
  notices,
  invoices,
  profile,
  ledger,
  ledgerList,
  usage,
  recentUse,
  counters,
  errors,
  unknownError,
};

export type Messages = typeof en;
