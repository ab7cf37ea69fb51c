// How each view is asked for and put into the state.
import type { StoreApi } from 'zustand/vanilla';
import type { DocumentFilter } from '../../shared/contract/document-views.ts';
import type { Channel } from './channel.ts';
import { withNewest, withOlder } from './ledger-pages.ts';
import type { CounterState, ViewName } from './state.ts';
import { makeReader, type Reader } from './view.ts';

export const pageSize = 50;
const mostAtOnce = 500;

export interface Readers {
  readonly byName: Readonly<Record<ViewName, Reader>>;
  readonly morePurchases: () => Promise<void>;
  readonly olderEntries: () => Promise<void>;
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
  const documents = documentReader(channel, put('documents'), monotonic);
  return {
    byName: {
      overview: makeReader({ ask: () => channel.ask('overview.get', {}), put: put('overview'), monotonic }),
      devices: makeReader({ ask: () => channel.ask('devices.list', {}), put: put('devices'), monotonic }),
      settings: makeReader({ ask: () => channel.ask('settings.get', {}), put: put('settings'), monotonic }),
      purchases,
      documents: documents.reader,
      ledger: newestEntries(channel, state, put('ledger'), monotonic),
    },
    morePurchases: () => {
      purchasesShown = Math.min(mostAtOnce, purchasesShown + pageSize);
      return purchases.read();
    },
    olderEntries: () => readOlder(channel, state, put('ledger')),
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

type PutLedger = (change: Partial<CounterState['ledger']>) => void;

function newestEntries(
  channel: Channel,
  state: StoreApi<CounterState>,
  put: PutLedger,
  monotonic: () => number,
): Reader {
  const shown = () => state.getState().ledger.value;
  return makeReader({
    ask: () => {
      const limit = Math.min(mostAtOnce, Math.max(pageSize, shown()?.entries.length ?? 0));
      return channel.ask('ledger.page', { before: null, limit });
    },
    put: (change) => put(change.value ? { ...change, value: withNewest(shown(), change.value) } : change),
    monotonic,
  });
}

async function readOlder(channel: Channel, state: StoreApi<CounterState>, put: PutLedger): Promise<void> {
  const { ledger } = state.getState();
  const before = ledger.value?.entries.at(-1)?.seq;
  if (before === undefined || before === 1 || ledger.asking) return;
  put({ asking: true });
  const result = await channel.ask('ledger.page', { before, limit: pageSize });
  const shown = state.getState().ledger.value;
  if (!result.ok) put({ error: result.error, asking: false });
  else if (shown !== null) put({ value: withOlder(shown, result.value), error: null, asking: false });
}
