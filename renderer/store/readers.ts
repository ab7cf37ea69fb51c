// How each view is asked for and put into the state.
import type { StoreApi } from 'zustand/vanilla';
import type { DocumentFilter } from '../../shared/contract/document-views.ts';
import type { UsagePeriod } from '../../shared/contract/usage-views.ts';
import type { Channel } from './channel.ts';
import { type LedgerReader, makeLedgerReader } from './ledger-reader.ts';
import type { CounterState, ViewName } from './state.ts';
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
    ask: () => channel.ask('purchases.list', { limit: purchasesShown, offset: 0 }),
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
      choices: makeReader({ ask: () => channel.ask('ledger.choices', {}), put: put('choices'), monotonic }),
    },
    morePurchases: () => {
      purchasesShown = Math.min(mostAtOnce, purchasesShown + pageSize);
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
