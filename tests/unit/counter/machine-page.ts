// The tables of docs/sync-machine.md, read as they stand there, and what the machines really do, in the same words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '../../../main/outbox/item.ts';
import {
  cancelledHere,
  cancelWanted,
  confirmed,
  needOf,
  postponed,
  refused,
  sending,
  told,
} from '../../../main/outbox/transitions.ts';
import { type SyncEvent, type SyncState, step } from '../../../main/sync/machine.ts';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { readToldPurchase, type ToldPurchase } from '../../../shared/contract/told-purchase.ts';

/** By row, then by column. */
export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

const page = () => readFileSync(join(import.meta.dirname, '../../../docs/sync-machine.md'), 'utf8');

/** The first table behind a heading. */
export function tableOfPage(heading: string): Table {
  const behind = page().split(`## ${heading}\n`)[1];
  const lines =
    (behind ?? '')
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('|')) ?? [];
  const cells = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
  const [head = [], , ...rows] = cells;
  return Object.fromEntries(
    rows.map(([name = '', ...row]) => [
      name,
      Object.fromEntries(head.slice(1).map((column, at) => [column, row[at] ?? ''])),
    ]),
  );
}

/** Names that stand as list items behind a heading: `name`: what is true. */
export function namesOfPage(heading: string): string[] {
  const behind = page().split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...behind.matchAll(/^- `([a-z_]+)`/gm)].map(([, name]) => name ?? '');
}

export const states: { readonly [N in SyncState['kind']]: Extract<SyncState, { kind: N }> } = {
  off: { kind: 'off' },
  working: { kind: 'working', contact: 'online', again: false, failures: 0 },
  idle: { kind: 'idle' },
  waiting: { kind: 'waiting', failures: 2, held: false },
  refused: { kind: 'refused' },
};

const events: { readonly [N in SyncEvent['kind']]: Extract<SyncEvent, { kind: N }> } = {
  start: { kind: 'start' },
  stop: { kind: 'stop' },
  poke: { kind: 'poke' },
  due: { kind: 'due' },
  done: { kind: 'done', lookMs: 20_000 },
  failed: { kind: 'failed', retryAfterMs: null, jitter: 0.5 },
  refused: { kind: 'refused' },
  look: { kind: 'look', lookMs: 4_000 },
};

const mapped = <K extends string, V, W>(of: Readonly<Record<K, V>>, to: (value: V, key: K) => W) =>
  Object.fromEntries((Object.entries(of) as [K, V][]).map(([key, value]) => [key, to(value, key)]));

export const machineTable = (): Table =>
  mapped(states, (state) =>
    mapped(events, (event) => {
      const next = step(state, event);
      if (next.effects.length === 0 && next.state === state) return '–';
      const effects = next.effects.map((effect) =>
        effect.kind === 'push' ? `push ${effect.open ? 'open' : 'closed'}` : effect.kind.replace('_', ' '),
      );
      return [next.state.kind, ...effects].join(', ');
    }),
  );

const now = '2026-11-22T10:00:00.000Z';
const purchase = (state: Purchase['state']): Purchase => ({
  ...{ id: 'pur_1', sku: 'topup.50k', quantity: 1, state, amountPaise: 250_000, currency: 'INR', credits: 50_000 },
  ...{ checkoutUrl: 'https://pay.example/1', provider: 'sandbox', providerOrderId: 'order_1', createdAt: now },
  ...{ expiresAt: now, paidAt: null, invoiceId: null, lastFailure: null, refundedPaise: 0, renewedUntil: null },
  ...{ deviceId: 'dev_1', deviceName: 'Counter' },
});
const other: Purchase = { ...purchase('awaiting_payment'), id: 'pur_2' };

const base: Omit<Extract<Item, { state: 'queued' }>, 'state' | 'detail'> = {
  ...{
    id: 'pur_1',
    intent: 'press-1',
    idempotencyKey: 'key-00001',
    sku: 'topup.50k',
    quantity: 1,
    amountPaise: 250_000,
  },
  ...{
    credits: 50_000,
    renewalDue: null,
    queuedAt: now,
    sentAt: now,
    attempts: 1,
    nextAttemptAt: null,
    cancelWantedAt: null,
  },
};

const items: { readonly [S in Item['state']]: Extract<Item, { state: S }> } = {
  queued: { ...base, state: 'queued', detail: {} },
  needs_confirmation: { ...base, state: 'needs_confirmation', detail: { newAmountPaise: 260_000 } },
  rejected: { ...base, state: 'rejected', detail: { reason: 'plan_required', followsId: null, followsDevice: null } },
  cancelled: { ...base, state: 'cancelled', detail: { purchase: null } },
  awaiting_payment: { ...base, state: 'awaiting_payment', detail: { purchase: purchase('awaiting_payment') } },
  paid: { ...base, state: 'paid', detail: { purchase: purchase('paid') } },
  under_review: { ...base, state: 'under_review', detail: { purchase: purchase('under_review') } },
  expired: { ...base, state: 'expired', detail: { purchase: purchase('expired') } },
  refunded: { ...base, state: 'refunded', detail: { purchase: purchase('refunded') } },
  unknown: { ...base, state: 'unknown', detail: { said: { ...purchase('paid'), state: 'on_hold' } } },
};

const word = (state: string): ToldPurchase => {
  const read = readToldPurchase({ ...purchase('paid'), state });
  if (read === null) throw new Error(`${state} cannot be told`);
  return read;
};

/** What may come to an item; null where whoever calls the transition never does so in that state. */
const happenings: Readonly<Record<string, (item: Item) => Item | null>> = {
  sent: (item) => (needOf(item) === 'send' ? sending(item, now) : null),
  'no answer': (item) => postponed(item, now),
  'told awaiting_payment': (item) => told(item, word('awaiting_payment')),
  'told paid': (item) => told(item, word('paid')),
  'told cancelled': (item) => told(item, word('cancelled')),
  'told expired': (item) => told(item, word('expired')),
  'told unknown': (item) => told(item, word('on_hold')),
  refused: (item) => (item.state === 'queued' ? refused(item, 'plan_required', {}) : null),
  price_changed: (item) => (item.state === 'queued' ? refused(item, 'price_changed', { amountPaise: 260_000 }) : null),
  purchase_in_progress: (item) =>
    item.state === 'queued' ? refused(item, 'purchase_in_progress', { purchase: other }) : null,
  'cancelled unsent': (item) =>
    item.state === 'queued' || item.state === 'needs_confirmation' ? cancelledHere(item, now) : null,
  'cancel wanted': (item) => (item.state === 'queued' ? cancelWanted(item, now) : null),
  'price agreed': (item) => (item.state === 'needs_confirmation' ? confirmed(item) : null),
};

export const itemTable = (): Table =>
  mapped(items, (item) => ({
    needs: needOf(item),
    ...mapped(happenings, (happen) => {
      const next = happen(item);
      return next === null ? '' : next.state === item.state ? '–' : next.state;
    }),
  }));
