// A played counter for looking at the screen: it answers the bridge's calls from a scenario and keeps no promise of the
// real one (no disk, no server). Answers are parsed with the shared schemas, so a scenario that main could never send fails.
import { isWaiting } from '../../main/ipc/purchase-view.ts';
import { rangeOf, usageOf } from '../../main/usage/fold.ts';
import type { DocumentRow } from '../../shared/contract/document-views.ts';
import type { Notice } from '../../shared/contract/frames.ts';
import { type CallName, type CallOutput, calls } from '../../shared/contract/ipc.ts';
import type { LedgerEntryView, LedgerFilter } from '../../shared/contract/ledger-views.ts';
import type { ToldNotice } from '../../shared/contract/notice-views.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { Profile } from '../../shared/contract/profile.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { Refusal } from '../../shared/contract/result.ts';
import type { SettingsView } from '../../shared/contract/settings.ts';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { businessDate } from '../../shared/plan/service-year.ts';

export interface Scenario {
  overview: OverviewView;
  purchases: PurchaseView[];
  entries: LedgerEntryView[];
  devices: CallOutput<'devices.list'>['items'];
  /** Null: as the server lists them now. */
  devicesAsOf: string | null;
  /** Newest first. */
  documents: TaxDocument[];
  /** Documents of a kind that this version does not know; they stand above the others. */
  newerDocuments: DocumentRow[];
  /** What the user was told, newest first. */
  told: ToldNotice[];
  /** False: no PDF is on this PC. */
  pdfsHeld: boolean;
  listedAt: string | null;
  profile: Profile;
  /** Calls that are refused, and how. */
  refusals: Partial<Record<CallName, Refusal>>;
  /** Calls that never answer, to look at what is shown meanwhile. */
  silent: CallName[];
  settings: SettingsView;
  joinCode: { code: string; expiresAt: string };
  /** What `purchases.pay` says. */
  opened: boolean;
}

export interface PlayedCounter {
  readonly scenario: Scenario;
  /** Every call that came in, in order. */
  readonly heard: { readonly call: CallName; readonly input: unknown }[];
  /** The Result of a call; null when it stays silent. */
  readonly answer: (call: CallName, input: unknown) => unknown;
  readonly onNotice: (listener: (notice: Notice) => void) => () => void;
  readonly notify: (...topics: Notice['topics']) => void;
}

export const emptyPurchase: PurchaseView = {
  id: 'pur_played',
  sku: 'topup.50k',
  quantity: 1,
  state: 'queued',
  amountPaise: 250_000,
  credits: 50_000,
  createdAt: '2026-11-22T10:34:10.000Z',
  expiresAt: null,
  paidAt: null,
  invoiceId: null,
  checkoutUrl: null,
  lastFailure: null,
  refundedPaise: 0,
  renewedUntil: null,
  mine: true,
  deviceName: 'Front counter',
  sentAt: null,
  newAmountPaise: null,
  reason: null,
  followsId: null,
  followsDevice: null,
  followsState: null,
  cancellable: true,
};

export const usualSettings: SettingsView = {
  language: null,
  theme: 'system',
  notices: { payments: true, renewal: true, credits: true },
  systemNotices: false,
  startsWithPc: null,
};

/** Without the names that are there and say nothing. */
function present<T extends object>(wish: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as never;
}

type Inputs = { [N in CallName]: ReturnType<(typeof calls)[N]['input']['parse']> };
type Handlers = { [N in CallName]: (input: Inputs[N]) => unknown };

function makeHandlers(scenario: Scenario): Handlers {
  const intents = new Map<string, PurchaseView>();
  const change = (id: string, next: Partial<PurchaseView>) => {
    scenario.purchases = scenario.purchases.map((one) => (one.id === id ? { ...one, ...next } : one));
    return scenario.purchases.find((one) => one.id === id) ?? { code: 'not_found', retryable: false };
  };
  const overview = () => ({ ...scenario.overview, waiting: scenario.purchases.filter(isWaiting).length });
  const queue = ({ intent, sku, quantity, expectedAmountPaise }: Inputs['purchases.queue']) => {
    const known = intents.get(intent);
    if (known !== undefined) return known;
    const made: PurchaseView = {
      ...emptyPurchase,
      id: `pur_played${scenario.purchases.length + 1}`,
      createdAt: scenario.overview.sync.verifiedAt ?? emptyPurchase.createdAt,
      sku,
      quantity,
      amountPaise: expectedAmountPaise,
      credits: sku === 'topup.50k' ? 50_000 * quantity : 0,
    };
    intents.set(intent, made);
    scenario.purchases = [made, ...scenario.purchases];
    return made;
  };
  return {
    'overview.get': overview,
    'sync.now': overview,
    'session.signUp': () => scenario.overview.session,
    'session.join': () => scenario.overview.session,
    'purchases.list': ({ limit, offset }) => ({
      items: scenario.purchases.slice(offset, offset + limit),
      total: scenario.purchases.length,
    }),
    'purchases.queue': queue,
    'purchases.cancel': ({ id }) => change(id, { state: 'cancelled', cancellable: false }),
    'purchases.confirmPrice': ({ id, amountPaise }) =>
      change(id, { state: 'queued', amountPaise, newAmountPaise: null }),
    'purchases.pay': ({ id }) => ({ url: `http://127.0.0.1:4400/pay/${id}?t=played`, opened: scenario.opened }),
    ...ledgerHandlers(scenario),
    'notices.list': () => ({ items: [] }),
    'notices.tell': () => ({ first: true }),
    'notices.told': () => ({ items: scenario.told, unread: scenario.told.filter(({ read }) => !read).length }),
    'notices.read': () => {
      scenario.told = scenario.told.map((one) => ({ ...one, read: true }));
      return { unread: 0 };
    },
    'settings.get': () => scenario.settings,
    'settings.save': (wish) => {
      scenario.settings = { ...scenario.settings, ...present(wish) };
      return scenario.settings;
    },
    'settings.lowCredits': overview,
    ...documentHandlers(scenario),
    'diagnostics.export': () => ({ kind: 'saved' }),
    'devices.joinCode': () => scenario.joinCode,
    'devices.list': () => ({ items: scenario.devices, nextCursor: null, asOf: scenario.devicesAsOf }),
    'devices.rename': ({ id, name }) => {
      scenario.devices = scenario.devices.map((one) => (one.id === id ? { ...one, name } : one));
      return scenario.devices.find((one) => one.id === id) ?? { code: 'not_found', retryable: false };
    },
    'devices.revoke': ({ id }) => {
      const revokedAt = scenario.overview.sync.verifiedAt ?? emptyPurchase.createdAt;
      scenario.devices = scenario.devices.map((one) => (one.id === id ? { ...one, revokedAt } : one));
      return {};
    },
  };
}

function ledgerHandlers(scenario: Scenario) {
  const fits = ({ filter }: { filter: LedgerFilter }) =>
    scenario.entries.filter(
      (entry) =>
        (filter.kind ?? entry.kind) === entry.kind &&
        (filter.feature ?? entry.feature) === entry.feature &&
        (filter.actor ?? entry.actor) === entry.actor &&
        `${entry.reference} ${entry.feature}`.includes(filter.text),
    );
  const words = (of: (entry: LedgerEntryView) => string | null) =>
    [...new Set(scenario.entries.map(of))].filter((word) => word !== null).sort();
  const sums = () =>
    scenario.entries.map(({ occurredAt, kind, feature, delta }) => ({
      day: businessDate(new Date(occurredAt)),
      kind,
      feature,
      sum: delta,
    }));
  return {
    'usage.get': ({ period }: Inputs['usage.get']) => {
      const range = rangeOf(
        period,
        businessDate(new Date(scenario.overview.sync.verifiedAt ?? emptyPurchase.createdAt)),
      );
      const all = sums();
      const within = all.filter(({ day }) => range.from <= day && day <= range.to);
      return usageOf(period, range, within, all.at(-1)?.day ?? null);
    },
    'ledger.window': ({ filter, first, count }: Inputs['ledger.window']) => {
      const found = fits({ filter });
      const from = first ?? Math.max(1, found.length - count + 1);
      const entries = found.toReversed().slice(from - 1, from - 1 + count);
      return { entries, first: from, total: found.length, held: scenario.entries.length };
    },
    'ledger.choices': () => ({
      kinds: words((entry) => entry.kind),
      features: words((entry) => entry.feature),
      actors: words((entry) => entry.actor).map((actor) => ({
        actor,
        name: scenario.devices.find(({ id }) => id === actor)?.name ?? null,
      })),
    }),
    'ledger.export': (wish: Inputs['ledger.export']) => ({ file: { kind: 'saved' }, rows: fits(wish).length }),
  } satisfies Partial<Handlers>;
}

function documentHandlers(scenario: Scenario) {
  const row = (one: TaxDocument) => ({
    ...one,
    what: one.lines.map((line) => line.description).join('; '),
    buyerGstin: one.buyer.gstin,
    originalNumber: one.original?.number ?? null,
    pdfHeld: scenario.pdfsHeld,
  });
  const get = (id: string) => {
    const document = scenario.documents.find((one) => one.id === id);
    if (document === undefined) return { code: 'not_held', retryable: true };
    const notes = scenario.documents.filter((one) => one.original?.id === id);
    return { document, pdfHeld: scenario.pdfsHeld, notes };
  };
  return {
    'documents.list': ({ financialYear, kind, limit, offset }: Inputs['documents.list']) => {
      const fit = scenario.documents.filter(
        (one) => (financialYear ?? one.financialYear) === one.financialYear && (kind ?? one.kind) === one.kind,
      );
      const rows = [...(kind === null ? scenario.newerDocuments : []), ...fit.map(row)];
      return {
        items: rows.slice(offset, offset + limit),
        total: rows.length,
        held: scenario.newerDocuments.length + scenario.documents.length,
        years: [...new Set(scenario.documents.map((one) => one.financialYear))],
        listedAt: scenario.listedAt,
      };
    },
    'documents.get': ({ id }: Inputs['documents.get']) => get(id),
    'documents.save': () => ({ kind: 'saved' }),
    'documents.print': () => ({ kind: 'opened' }),
    'documents.export': () => ({ file: { kind: 'saved' }, source: 'server', listedAt: null }),
    'profile.get': () => scenario.profile,
    'profile.save': (wish: Inputs['profile.save']) => ({ ...scenario.profile, ...wish }),
  } satisfies Partial<Handlers>;
}

export function playCounter(scenario: Scenario): PlayedCounter {
  const heard: { call: CallName; input: unknown }[] = [];
  const listeners = new Set<(notice: Notice) => void>();
  const handlers = makeHandlers(scenario);
  return {
    scenario,
    heard,
    notify: (...topics) => {
      for (const listener of listeners) listener({ type: 'changed', topics });
    },
    answer: (call, input) => {
      heard.push({ call, input });
      if (scenario.silent.includes(call)) return null;
      const refusal = scenario.refusals[call];
      if (refusal !== undefined) return { ok: false, error: refusal };
      const parsed = calls[call].input.safeParse(input);
      if (!parsed.success) return { ok: false, error: { code: 'bad_call', retryable: false } };
      // The table gives each call its own input; the compiler cannot follow that through the index.
      const value = handlers[call](parsed.data as never);
      if (typeof value === 'object' && value !== null && 'retryable' in value) return { ok: false, error: value };
      return { ok: true, value: calls[call].output.parse(value) };
    },
    onNotice: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
