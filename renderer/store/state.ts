// The shape of what the screens show: the counter's views as last answered, and what happened on this screen.
import type { DocumentPage } from '../../shared/contract/document-views.ts';
import type { CallOutput } from '../../shared/contract/ipc.ts';
import type { LedgerChoices } from '../../shared/contract/ledger-views.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { SettingsView } from '../../shared/contract/settings.ts';
import type { UsageView } from '../../shared/contract/usage-views.ts';
import type { Link } from '../link.ts';
import type { FilteredRows } from './ledger-rows.ts';
import { emptyView, type View } from './view.ts';

export type PurchasePage = CallOutput<'purchases.list'>;

/** A message to the user; num tells two equal ones apart. */
export interface Message {
  readonly num: number;
  /** Of two messages about the same thing only the newer one stands; null: it stands by itself. */
  readonly about: 'renewal' | 'credits' | null;
  readonly tone: 'good' | 'warn' | 'bad';
  readonly title: string;
  readonly body: string;
}

export interface CounterState {
  readonly link: Link;
  readonly overview: View<OverviewView>;
  readonly purchases: View<PurchasePage>;
  readonly ledger: View<FilteredRows>;
  readonly choices: View<LedgerChoices>;
  readonly usage: View<UsageView>;
  readonly devices: View<CallOutput<'devices.list'>>;
  readonly documents: View<DocumentPage>;
  readonly settings: View<SettingsView>;
  readonly told: View<CallOutput<'notices.told'>>;
  readonly messages: readonly Message[];
  /** Monotonic reading and size of the last top-up asked for on this screen. */
  readonly lastTopUp: { readonly at: number; readonly packs: number } | null;
}

export type ViewName =
  | 'overview'
  | 'purchases'
  | 'ledger'
  | 'choices'
  | 'usage'
  | 'devices'
  | 'documents'
  | 'settings'
  | 'told';

export const emptyState: CounterState = {
  link: 'connecting',
  overview: emptyView,
  purchases: emptyView,
  ledger: emptyView,
  choices: emptyView,
  usage: emptyView,
  devices: emptyView,
  documents: emptyView,
  settings: emptyView,
  told: emptyView,
  messages: [],
  lastTopUp: null,
};
