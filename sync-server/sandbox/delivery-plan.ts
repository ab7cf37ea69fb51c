// Owns how often, when and how spoilt the events of one change are to be delivered, as the webhook switches ask: rows for
// deliveries.ts, decided once, when the events are made. It uses up counted switches and writes nothing else.

import type { Faults } from './faults.ts';

export interface Planned {
  readonly event_id: string;
  readonly state: 'pending' | 'held' | 'dropped';
  readonly next_ms: number;
  /** 1: sent at the same moment as the neighbours of the same event. */
  readonly volley: number;
  readonly tampered: number;
  readonly unsigned: number;
  readonly unnamed: number;
  /** So many tries arrive and are counted as unanswered. */
  readonly unheard: number;
}

const COPIES_AT_ONCE = 5;
const DUPLICATE_AFTER_MS = 230;
const ALL_TRIES = 1_000_000;

export function planDeliveries(eventIds: readonly string[], nowMs: number, faults: Faults): Planned[] {
  if (eventIds.length === 0) return [];
  const ordered = faults.take('webhook_reorder') ? eventIds.toReversed() : eventIds;
  const dropped = faults.take('webhook_drop');
  const held = faults.take('webhook_hold');
  const copies = faults.take('webhook_concurrent') ? COPIES_AT_ONCE : 1;
  const nextMs = nowMs + faults.seconds('webhook_delay_seconds') * 1000;
  const late = faults.take('webhook_timeout') ? 1 : 0;
  const common = {
    state: dropped ? ('dropped' as const) : held ? ('held' as const) : ('pending' as const),
    volley: copies > 1 ? 1 : 0,
    tampered: faults.take('webhook_tampered') ? 1 : 0,
    unsigned: faults.take('webhook_unsigned') ? 1 : 0,
    unnamed: faults.take('webhook_no_event_id') ? 1 : 0,
    unheard: faults.take('webhook_never_heard') ? ALL_TRIES : late,
  };
  const first = ordered.flatMap((event_id) =>
    Array.from({ length: copies }, () => ({ ...common, event_id, next_ms: nextMs })),
  );
  if (!faults.take('webhook_duplicate')) return first;
  return [...first, ...ordered.map((event_id) => ({ ...common, event_id, next_ms: nextMs + DUPLICATE_AFTER_MS }))];
}
