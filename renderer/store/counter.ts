// The counter as the screens use it: what it shows is asked again when it says that something changed, and commands are
// answered by it and then looked up like everything else. There is no truth of its own in here.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Device } from '../../shared/contract/devices.ts';
import type {
  DocumentFilter,
  DocumentView,
  ExportedFile,
  ExportPeriod,
  HandedFile,
} from '../../shared/contract/document-views.ts';
import type { Notice } from '../../shared/contract/frames.ts';
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import type { LedgerExport, LedgerFilter } from '../../shared/contract/ledger-views.ts';
import type { OverviewView, SessionView } from '../../shared/contract/overview-view.ts';
import type { Profile, ProfileRequest } from '../../shared/contract/profile.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { Result } from '../../shared/contract/result.ts';
import type { SettingsView, SettingsWish } from '../../shared/contract/settings.ts';
import type { UsagePeriod } from '../../shared/contract/usage-views.ts';
import type { Channel } from './channel.ts';
import { type Say, watchNotices } from './notices.ts';
import { makeReaders } from './readers.ts';
import { type CounterState, emptyState, type ViewName } from './state.ts';

const viewsOf: Readonly<Record<Notice['topics'][number], readonly ViewName[]>> = {
  session: ['overview', 'devices'],
  sync: ['overview'],
  status: ['overview'],
  purchases: ['purchases', 'overview'],
  ledger: ['ledger', 'choices', 'usage', 'overview'],
  documents: ['documents'],
  settings: ['settings'],
};
const everything: readonly ViewName[] = [
  'overview',
  'purchases',
  'ledger',
  'choices',
  'usage',
  'devices',
  'documents',
  'settings',
  'told',
];

export interface Counter {
  readonly state: StoreApi<CounterState>;
  readonly read: (view: ViewName) => Promise<void>;
  /** Asks for what nobody looks at yet, while nobody waits. */
  readonly prefetch: (view: ViewName) => Promise<void>;
  readonly refreshAll: () => void;
  readonly morePurchases: () => Promise<void>;
  /** The user looks at these rows of the ledger; those that are missing are asked for. */
  readonly lookAtEntries: (from: number, to: number) => void;
  /** Narrows the ledger from now on, or widens it again. */
  readonly filterEntries: (filter: LedgerFilter) => Promise<void>;
  /** Shows the use of another period from now on. */
  readonly usageOf: (period: UsagePeriod) => Promise<void>;
  readonly exportEntries: (filter: LedgerFilter) => Promise<Result<LedgerExport>>;
  readonly syncNow: () => Promise<Result<OverviewView>>;
  readonly signUp: (input: CallInput<'session.signUp'>) => Promise<Result<SessionView>>;
  readonly join: (input: CallInput<'session.join'>) => Promise<Result<SessionView>>;
  readonly queue: (input: CallInput<'purchases.queue'>) => Promise<Result<PurchaseView>>;
  readonly cancel: (id: string) => Promise<Result<PurchaseView>>;
  readonly confirmPrice: (id: string, amountPaise: number) => Promise<Result<PurchaseView>>;
  readonly pay: (id: string) => Promise<Result<CallOutput<'purchases.pay'>>>;
  /** Narrows the list from now on, or widens it again. */
  readonly filterDocuments: (filter: DocumentFilter) => Promise<void>;
  readonly moreDocuments: () => Promise<void>;
  readonly document: (id: string) => Promise<Result<DocumentView>>;
  readonly saveDocument: (id: string) => Promise<Result<HandedFile>>;
  readonly printDocument: (id: string) => Promise<Result<HandedFile>>;
  readonly exportDocuments: (period: ExportPeriod) => Promise<Result<ExportedFile>>;
  readonly profile: () => Promise<Result<Profile>>;
  readonly saveProfile: (wish: ProfileRequest) => Promise<Result<Profile>>;
  readonly joinCode: () => Promise<Result<CallOutput<'devices.joinCode'>>>;
  readonly renameDevice: (id: string, name: string) => Promise<Result<Device>>;
  readonly revokeDevice: (id: string) => Promise<Result<CallOutput<'devices.revoke'>>>;
  readonly saveSettings: (wish: SettingsWish) => Promise<Result<SettingsView>>;
  readonly exportDiagnostics: () => Promise<Result<HandedFile>>;
  readonly setLowCredits: (below: number) => Promise<Result<OverviewView>>;
  /** Begins to tell the user what happens, in the words that `say` makes of it. */
  readonly watchNotices: (say: Say) => () => void;
  readonly dismiss: (num: number) => void;
  /** The user has looked at what was told, up to a number. */
  readonly readNotices: (upTo: number) => Promise<Result<CallOutput<'notices.read'>>>;
}

export function makeCounter(channel: Channel, monotonic: () => number): Counter {
  const state = createStore<CounterState>()(() => emptyState);
  const readers = makeReaders(channel, state, monotonic);
  const refresh = (names: readonly ViewName[]) => {
    for (const name of new Set(names)) void readers.byName[name].refresh();
  };
  channel.onNotice((topics) => refresh(topics.flatMap((topic) => viewsOf[topic])));
  channel.onLink((link) => {
    state.setState({ link });
    if (link !== 'up') return;
    void readers.byName.overview.read();
    void readers.byName.settings.read();
    refresh(everything.filter((name) => name !== 'overview' && name !== 'settings'));
  });
  return {
    state,
    read: (view) => readers.byName[view].read(),
    prefetch: (view) => readers.byName[view].prefetch(),
    refreshAll: () => refresh(everything),
    morePurchases: readers.morePurchases,
    lookAtEntries: readers.lookAtEntries,
    filterEntries: readers.filterEntries,
    usageOf: readers.usageOf,
    watchNotices: (say) => watchNotices({ channel, state, monotonic, say, onTold: () => refresh(['told']) }),
    filterDocuments: readers.filterDocuments,
    moreDocuments: readers.moreDocuments,
    dismiss: (num) => state.setState((now) => ({ messages: now.messages.filter((message) => message.num !== num) })),
    ...makeCommands(channel, state, monotonic, refresh),
  };
}

function makeCommands(
  channel: Channel,
  state: StoreApi<CounterState>,
  monotonic: () => number,
  refresh: (names: readonly ViewName[]) => void,
) {
  const once = makeOnce();
  const thenLook = async <T>(names: readonly ViewName[], answer: Promise<Result<T>>) => {
    const result = await answer;
    refresh(names);
    return result;
  };
  const money: readonly ViewName[] = ['purchases', 'overview'];
  const queue: Counter['queue'] = async (input) => {
    const result = await thenLook(money, channel.ask('purchases.queue', input));
    if (result.ok && input.sku === 'topup.50k') {
      state.setState({ lastTopUp: { at: monotonic(), packs: input.quantity } });
    }
    return result;
  };
  return {
    syncNow: () => once('sync', () => thenLook(everything, channel.ask('sync.now', {}))),
    signUp: (input) => once('activate', () => thenLook(everything, channel.ask('session.signUp', input))),
    join: (input) => once('activate', () => thenLook(everything, channel.ask('session.join', input))),
    queue: (input) => once(`queue ${input.intent}`, () => queue(input)),
    cancel: (id) => once(`cancel ${id}`, () => thenLook(money, channel.ask('purchases.cancel', { id }))),
    confirmPrice: (id, amountPaise) =>
      once(`agree ${id}`, () => thenLook(money, channel.ask('purchases.confirmPrice', { id, amountPaise }))),
    pay: (id) => once(`pay ${id}`, () => thenLook(money, channel.ask('purchases.pay', { id }))),
    setLowCredits: (below) => thenLook(['overview'], channel.ask('settings.lowCredits', { below })),
    saveSettings: (wish) => thenLook(['settings'], channel.ask('settings.save', wish)),
    exportDiagnostics: () => once('diagnostics', () => channel.ask('diagnostics.export', {})),
    document: (id) => once(`document ${id}`, () => channel.ask('documents.get', { id })),
    saveDocument: (id) => once(`save ${id}`, () => channel.ask('documents.save', { id })),
    printDocument: (id) => once(`print ${id}`, () => channel.ask('documents.print', { id })),
    exportDocuments: (period) => once('export', () => channel.ask('documents.export', period)),
    exportEntries: (filter) => once('export entries', () => channel.ask('ledger.export', { filter })),
    profile: () => once('profile', () => channel.ask('profile.get', {})),
    saveProfile: (wish) => once('save profile', () => thenLook(['overview'], channel.ask('profile.save', wish))),
    readNotices: (upTo) => thenLook(['told'], channel.ask('notices.read', { upTo })),
    joinCode: () => once('code', () => channel.ask('devices.joinCode', {})),
    renameDevice: (id, name) =>
      once(`rename ${id}`, () => thenLook(['devices', 'choices'], channel.ask('devices.rename', { id, name }))),
    revokeDevice: (id) =>
      once(`revoke ${id}`, () => thenLook(['devices', 'overview'], channel.ask('devices.revoke', { id }))),
  } satisfies Partial<Counter>;
}

/** Runs a command once at a time: a second press while the first is under way gets the first one's answer. */
function makeOnce() {
  const running = new Map<string, Promise<unknown>>();
  return <T>(key: string, run: () => Promise<T>): Promise<T> => {
    // The key names the command, so what is found under it has that command's type.
    const found = running.get(key) as Promise<T> | undefined;
    if (found !== undefined) return found;
    const started = run().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
