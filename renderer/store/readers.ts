// How each view is asked for and put into the state.
import type { StoreApi } from 'zustand/vanilla';
import type { DocumentFilter } from '../../shared/contract/document-views.ts';
import type { Result } from '../../shared/contract/result.ts';
import type { UsagePeriod } from '../../shared/contract/usage-views.ts';
import type { Channel } from './channel.ts';
import { type LedgerReader, makeLedgerReader } from './ledger-reader.ts';
import type { CounterState, PurchasePage, ViewName } from './state.ts';
import { makeReader, type Reader } from './view.ts';

export const pageSize = 50;
const mostAtOnce = 500;

export interface Readers {
  readonly byName: Readonly<Record<ViewName, Reader>>;
  readonly morePurchases: () => Promise<void>;
  readonly lookAtEntries: LedgerReader['look'];
  readonly filterEntries: LedgerReader['filter'];
  readonly usageOf: (period: UsagePeriod) => Promise<void>;
  readonly filterDocuments: (filter: DocumentFilter) => Promise<void>;
  readonly moreDocuments: () => Promise<void>;
}

export function makeReaders(channel: Channel, state: StoreApi<CounterState>, monotonic: () => number): Readers {
  const put =
    <N extends ViewName>(name: N) =>
    (change: Partial<CounterState[N]>) =>
      // One key of the state with its own type; the compiler widens a computed key to any string.
      state.setState((now) => ({ [name]: { ...now[name], ...change } }) as Pick<CounterState, N>);
  let purchasesShown = pageSize;
  const purchases = makeReader({
    ask: () => askPurchases(channel, purchasesShown),
    put: put('purchases'),
    monotonic,
  });
  let period: UsagePeriod = 'days_30';
  const usage = makeReader({ ask: () => channel.ask('usage.get', { period }), put: put('usage'), monotonic });
  const ledger = makeLedgerReader(channel, state, put('ledger'), monotonic);
  const documents = documentReader(channel, put('documents'), monotonic);
  return {
    byName: {
      overview: makeReader({ ask: () => channel.ask('overview.get', {}), put: put('overview'), monotonic }),
      devices: makeReader({ ask: () => channel.ask('devices.list', {}), put: put('devices'), monotonic }),
      settings: makeReader({ ask: () => channel.ask('settings.get', {}), put: put('settings'), monotonic }),
      purchases,
      documents: documents.reader,
      ledger,
      usage,
      told: makeReader({ ask: () => channel.ask('notices.told', { limit: 100 }), put: put('told'), monotonic }),
      choices: makeReader({ ask: () => channel.ask('ledger.choices', {}), put: put('choices'), monotonic }),
    },
    morePurchases: () => {
      purchasesShown += pageSize;
      return purchases.read();
    },
    lookAtEntries: ledger.look,
    filterEntries: ledger.filter,
    usageOf: (wanted) => {
      period = wanted;
      return usage.read();
    },
    filterDocuments: documents.filter,
    moreDocuments: documents.more,
  };
}

/** As many as are shown, in as many questions as that takes: the frames between are of limited size. */
async function askPurchases(channel: Channel, shown: number): Promise<Result<PurchasePage>> {
  const items: PurchasePage['items'] = [];
  let total = 0;
  for (let offset = 0; offset < shown; offset += mostAtOnce) {
    const limit = Math.min(mostAtOnce, shown - offset);
    const page = await channel.ask('purchases.list', { limit, offset });
    if (!page.ok) return page;
    // One that moved down meanwhile is not shown twice.
    const known = new Set(items.map(({ id }) => id));
    items.push(...page.value.items.filter(({ id }) => !known.has(id)));
    total = page.value.total;
    if (page.value.items.length < limit) break;
  }
  return { ok: true, value: { items, total } };
}

function documentReader(
  channel: Channel,
  put: (change: Partial<CounterState['documents']>) => void,
  monotonic: () => number,
) {
  let shown = pageSize;
  let chosen: DocumentFilter = { financialYear: null, kind: null };
  const reader = makeReader({
    ask: () => channel.ask('documents.list', { ...chosen, limit: shown, offset: 0 }),
    put,
    monotonic,
  });
  return {
    reader,
    filter: (filter: DocumentFilter) => {
      chosen = filter;
      shown = pageSize;
      return reader.read();
    },
    more: () => {
      shown = Math.min(mostAtOnce, shown + pageSize);
      return reader.read();
    },
  };
}
