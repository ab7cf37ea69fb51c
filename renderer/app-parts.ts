// What every screen is given: the counter, the clock, the words. Made in main.tsx, passed down, never imported.
import { createContext, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Clock } from './store/clock.ts';
import { dataAge, serverNow } from './store/clock.ts';
import type { Counter } from './store/counter.ts';
import type { Speech } from './store/speech.ts';
import type { CounterState } from './store/state.ts';
import type { Messages } from './text/en.ts';
import type { Format } from './text/format.ts';

export interface AppParts {
  readonly counter: Counter;
  readonly clock: Clock;
  /** A new id for one intent of the user; made once per opening of a dialog. */
  readonly newIntent: () => string;
  /** Opens an address in a new tab that cannot reach this page. */
  readonly openTab: (url: string) => void;
  /** Fetches a file of this page's own host into the browser's downloads. */
  readonly download: (path: string) => void;
  /** Which languages there are, and how another one is spoken. */
  readonly speech: Speech;
  readonly text: Messages;
  readonly format: Format;
}

export const AppPartsContext = createContext<AppParts | null>(null);

export function useParts(): AppParts {
  const parts = use(AppPartsContext);
  if (parts === null) throw new Error('a screen was rendered outside of main.tsx');
  return parts;
}

export function useCounter<T>(select: (state: CounterState) => T): T {
  return useStore(useParts().counter.state, select);
}

/** Renders again every so often, for ages and countdowns. */
export function useTick(ms: number): void {
  const [, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((ticks) => ticks + 1), ms);
    return () => clearInterval(timer);
  }, [ms]);
}

/** Age of the data shown in seconds, and the server's time now; both as of this render. */
export function useDataTime(): { readonly age: number | null; readonly now: number } {
  const { clock } = useParts();
  const overview = useCounter((state) => state.overview);
  const sync = overview.value?.sync ?? null;
  return { age: dataAge(sync, overview.answeredAt, clock), now: serverNow(sync, overview.answeredAt, clock) };
}

/** True unless the last contact worked: a purchase asked for now is sent later. */
export function useOffline(): boolean {
  return useCounter((state) => state.overview.value?.sync.connection !== 'online');
}
