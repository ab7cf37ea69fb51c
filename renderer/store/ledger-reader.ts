// Asks for the rows of the ledger that the user looks at, and for no others: one question at a time, and always for what is
// looked at when it is asked, so that a fast scroll leaves no queue behind it.
import type { StoreApi } from 'zustand/vanilla';
import type { LedgerFilter, LedgerWindow } from '../../shared/contract/ledger-views.ts';
import { wholeLedger } from '../../shared/contract/whole-ledger.ts';
import type { Channel } from './channel.ts';
import { missingIn, pieceSize, withWindow } from './ledger-rows.ts';
import type { CounterState } from './state.ts';
import { makeReader, type Reader, type View } from './view.ts';

export interface LedgerReader extends Reader {
  /** The user looks at these rows now. */
  readonly look: (from: number, to: number) => void;
  /** Narrows the list from now on, or widens it again. */
  readonly filter: (filter: LedgerFilter) => Promise<void>;
}

export function makeLedgerReader(
  channel: Channel,
  state: StoreApi<CounterState>,
  put: (change: Partial<CounterState['ledger']>) => void,
  monotonic: () => number,
): LedgerReader {
  let filter = wholeLedger;
  let looking: { readonly from: number; readonly to: number } | null = null;
  /** Nothing of this filter was answered yet. */
  let fresh = true;
  const known = () => state.getState().ledger.value;
  let asked = filter;

  const reader = makeReader({
    ask: () => {
      asked = filter;
      return channel.ask('ledger.window', { filter, first: null, count: pieceSize });
    },
    // An answer to the question before the last is not shown under the last one's name.
    put: ({ value, ...change }: Partial<View<LedgerWindow>>) => {
      if (value === undefined) return put(change);
      if (value === null) return put({ ...change, value });
      if (asked !== filter) return;
      put({ ...change, value: { ...withWindow(fresh ? null : known(), value), filter } });
      fresh = false;
      fill();
    },
    monotonic,
  });
  const fillOnce = async () => {
    for (;;) {
      const rows = known();
      if (rows === null || looking === null || fresh) return;
      const missing = missingIn(rows, looking.from, looking.to);
      if (missing === null) return;
      const about = filter;
      const result = await channel.ask('ledger.window', { filter, ...missing });
      if (about !== filter) return;
      if (!result.ok) return put({ error: result.error });
      put({ value: { ...withWindow(known(), result.value), filter }, error: null });
      // A row that is not there after its answer would be asked for without end.
      if (result.value.entries.length === 0) return;
    }
  };
  const fill = oneAtATime(fillOnce);
  return {
    ...reader,
    look: (from, to) => {
      looking = { from, to };
      fill();
    },
    filter: (next) => {
      filter = next;
      fresh = true;
      looking = null;
      return reader.read();
    },
  };
}

/** Does it now, or once more after what is under way. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let wanted = false;
  const run = async () => {
    running = true;
    while (wanted) {
      wanted = false;
      await work();
    }
    running = false;
  };
  return () => {
    wanted = true;
    if (!running) void run();
  };
}
