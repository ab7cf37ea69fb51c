// Screens and panels that are not needed for the first sight: fetched in files of their own, right after it, while nobody waits.
import type { ComponentType } from 'react';
import { part } from '../components/fetched-part.tsx';
import type { Panel } from '../panels.ts';
import type { Counter } from '../store/counter.ts';
import type { Screen } from '../store/route.ts';

/** In the order in which they are fetched: the panels first, for the first thing that is done is mostly a top-up. */
const fetched = {
  panel: () => import('./panel-of.tsx'),
  purchases: () => import('./purchases/purchases.tsx'),
  invoices: () => import('./invoices/invoices.tsx'),
  ledger: () => import('./ledger/ledger.tsx'),
  usage: () => import('./usage/usage.tsx'),
  counters: () => import('./counters/counters.tsx'),
  settings: () => import('./settings/settings.tsx'),
  calendar: () => import('../components/calendar.tsx'),
};
/** Seen once in the life of a counter, so it is fetched when it is needed and not while nobody waits. */
const activation = () => import('./activation/activation.tsx');

export const laterScreens: Record<Exclude<Screen, 'overview'>, ComponentType> = {
  purchases: part(async () => (await fetched.purchases()).PurchasesScreen),
  invoices: part(async () => (await fetched.invoices()).InvoicesScreen),
  ledger: part(async () => (await fetched.ledger()).LedgerScreen),
  usage: part(async () => (await fetched.usage()).UsageScreen),
  counters: part(async () => (await fetched.counters()).CountersScreen),
  settings: part(async () => (await fetched.settings()).SettingsScreen),
};

export const LaterActivation = part(async () => (await activation()).ActivationScreen);

export const LaterPanel = part<{ readonly panel: Panel }>(async () => (await fetched.panel()).PanelOf);

/** What these screens show of this PC's own, so that it is there when they are; what the server must be asked for waits for the user. */
const shown = ['ledger', 'choices', 'usage', 'documents'] as const;

/** Fetches all of them while the page has nothing else to do, one after the other; returns how to stop. */
export function fetchRest(counter: Counter): () => void {
  let stopped = false;
  const next = (rest: readonly (() => Promise<unknown>)[]) => {
    const [first, ...others] = rest;
    if (first === undefined) return;
    requestIdleCallback(() => {
      // A file that does not come is told when its screen is wanted.
      if (!stopped) void Promise.allSettled([first()]).then(() => next(others));
    });
  };
  next([...Object.values(fetched), ...shown.map((view) => () => counter.prefetch(view))]);
  return () => {
    stopped = true;
  };
}
