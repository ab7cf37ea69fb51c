// A counter three versions behind its server: real server, real counter with real files, and between them everything that a newer
// server may say. Nothing is lost, nothing is taken for something else, and the version that knows it reads it whole.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { purchase as purchaseShape, purchaseState } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import { protocolVersion } from '../../../shared/contract/protocol.ts';
import { wholeLedger } from '../../../shared/contract/whole-ledger.ts';
import { sku } from '../../../shared/plan/catalogue.ts';
import { NewerServer } from '../../fakes/newer-server.ts';
import { type Counter, counterOf, orderOf, type Started, started, uniqueKey } from '../server/started.ts';
import { priceOf, type RealCounter, realCounter } from './two-counters.ts';

const threeAhead = { oldest: protocolVersion, newest: protocolVersion + 3 };
const pharmacy = {
  ...{ legalName: 'Asha Medicals', address: '12 MG Road, Pune', stateCode: '27', pin: '411001' },
  deviceName: 'Front counter',
};
/** What a later version of the app knows. */
const purchaseOfTomorrow = purchaseShape.extend({
  sku: z.enum([...sku.options, 'plan.leased']),
  state: z.enum([...purchaseState.options, 'on_hold']),
  hold: z.object({ by: z.string(), until: z.string() }).optional(),
  term: z.object({ months: z.int() }).optional(),
  instalments: z.array(z.never()),
});

let server: Started;
let newer: NewerServer;
let orgId = '';
const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-counter-'));
  folders.push(folder);
  return folder;
};
beforeAll(async () => {
  server = await started();
  await server.restart(threeAhead);
  newer = await new NewerServer(
    () => server.url,
    () => orgId,
  ).start();
});
afterAll(async () => {
  await newer.stop();
  expect(await server.parts.verifier.verify(null)).toMatchObject({ ok: true });
  await server.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Signs up straight, so that the proxy knows whose chain it writes; another counter of the org speaks for the server's own side. */
async function activated(folder: string): Promise<Counter> {
  const first = await realCounter(server, { folder });
  orgId = (await first.call('session.signUp', pharmacy)).orgId ?? '';
  const { code } = await first.call('devices.joinCode', {});
  await first.dispose();
  const joined = await server.request<Activation>('POST', '/api/devices/join', {
    body: { code, deviceName: 'Back office' },
  });
  return counterOf(server, joined.body);
}

const rows = <T>(folder: string, file: string, sql: string): T[] => {
  const open = new Database(join(folder, file), { readonly: true });
  try {
    return open.prepare(sql).all() as T[];
  } finally {
    open.close();
  }
};
const spend = (counter: Counter, amount: number, feature: string) =>
  counter.request('POST', '/api/credits/spend', {
    body: { amount, feature, reference: `bill ${amount}` },
    key: uniqueKey(),
  });

async function pay(counter: Counter, id: string): Promise<void> {
  await server.play(orderOf(await counter.purchase(id)), 'pay');
  await server.settle();
}
const stateOf = async (counter: RealCounter, id: string) =>
  (await counter.purchases()).find((purchase) => purchase.id === id)?.state;

const kindsOfDocuments = async (counter: RealCounter) =>
  (await counter.call('documents.list', { limit: 10, offset: 0, financialYear: null, kind: null })).items
    .map(({ kind }) => kind)
    .toSorted();

async function expectUnknown(old: RealCounter, ids: readonly string[]): Promise<void> {
  // Every purchase is there; what is not known is said to be, and has nothing to press.
  const purchases = await old.purchases();
  expect(Object.fromEntries(purchases.map(({ id, state }) => [id, state]))).toMatchObject(
    Object.fromEntries(ids.map((id) => [id, 'unknown'])),
  );
  for (const one of purchases.filter(({ state }) => state === 'unknown')) {
    expect(one).toMatchObject({ checkoutUrl: null, cancellable: false, paidAt: null });
  }
}

async function expectLedgerShown(old: RealCounter): Promise<void> {
  // The ledger shows kinds and fields of tomorrow as they are, on the screen and in the file.
  const { entries } = await old.call('ledger.window', { filter: wholeLedger, first: 1, count: 50 });
  expect(entries.map(({ kind }) => kind)).toEqual(newer.entries.map(({ kind }) => kind));
  expect(entries[1]).toMatchObject({
    kind: 'spend_by_parcel',
    more: [
      { name: 'batch', value: '{"no":2}' },
      { name: 'remark', value: '=दवा 2' },
    ],
  });
  await old.call('ledger.export', { filter: wholeLedger });
  const csv = Buffer.from(old.files.handed.at(-1)?.bytes ?? []).toString('utf8');
  for (const { kind, batch } of newer.entries) {
    expect(csv).toContain(kind);
    expect(csv).toContain(`{""batch"":{""no"":${batch.no}}`);
  }
  expect((await old.call('ledger.choices', {})).kinds).toContain('spend_by_parcel');
}

/** Everything that was said is in the files as it was said. */
function expectKept(folder: string): void {
  const kept = rows<Record<string, unknown>>(
    folder,
    'mirror.db',
    `SELECT seq, delta, balance_after AS balanceAfter, kind, reference, idempotency_key AS idempotencyKey, actor, feature,
       occurred_at AS occurredAt, created_at AS createdAt, hash, more FROM entry ORDER BY seq`,
  );
  expect(kept.map(({ more, ...entry }) => ({ ...entry, ...JSON.parse(String(more)) }))).toEqual(newer.entries);
  const bodies = rows<{ id: string; body: string }>(folder, 'mirror.db', 'SELECT id, body FROM purchase');
  expect(new Map(bodies.map(({ id, body }) => [id, JSON.parse(body)]))).toEqual(newer.purchases);
  for (const { id, body } of bodies) {
    const { renewedUntil: _, ...read } = purchaseOfTomorrow.parse(JSON.parse(body));
    expect(newer.purchases.get(id)).toMatchObject(read);
  }
  const [{ status } = { status: '' }] = rows<{ status: string }>(folder, 'mirror.db', 'SELECT status FROM position');
  expect(JSON.parse(status)).toEqual(newer.status);
}

describe.each([
  ['by columns', true],
  ['as plain entries', false],
] as const)('a server three versions ahead, %s', (_way, columns) => {
  test('syncs without loss: entries byte for byte, balance, waiting purchases; and an update reads all of it', async () => {
    const folder = newFolder();
    const back = await activated(folder);
    Object.assign(newer, { columns, byColumns: 0 });
    newer.purchases.clear();
    await back.ownPlan();
    for (let nth = 1; nth <= 5; nth += 1) await spend(back, nth, 'ai.assist');
    const held = await back.topUp(2);
    const leased = await back.topUp(3);
    newer.onHold.add(held.id);
    newer.leased.add(leased.id);

    const old = await realCounter(server, { folder, serverUrl: newer.url });
    const mine = await old.queue('topup.50k', priceOf('topup.50k'));
    newer.onHold.add(mine.id);
    const view = await old.sync();
    expect(newer.byColumns > 0).toBe(columns);
    expect(view.sync).toMatchObject({ connection: 'online', problem: null });
    expect(view.plan).toMatchObject({ owned: true, status: 'active', renewalMode: null });
    expect(view.credits).toMatchObject({ balance: 50_000 - 15, seq: 6 });
    expect(view.waiting).toBe(1);

    await expectUnknown(old, [mine.id, held.id, leased.id]);
    await expectLedgerShown(old);

    // The server's own truth moves on; the old counter waits and asks, and neither loses nor invents anything.
    await pay(back, mine.id);
    await pay(back, held.id);
    newer.debited.add(held.id);
    server.clock.advance(3_600_000);
    expect((await old.sync()).credits).toMatchObject({ balance: 50_000 - 15 + 150_000 });
    expect(await stateOf(old, mine.id)).toBe('unknown');
    expect(await kindsOfDocuments(old)).toEqual(['invoice', 'invoice', 'unknown']);
    await old.dispose();

    expectKept(folder);

    // After the update the app knows what it did not; here the server says it in words of today.
    newer.debited.clear();
    newer.onHold.clear();
    newer.leased.clear();
    newer.purchases.clear();
    const updated = await realCounter(server, { folder, serverUrl: newer.url, speaks: protocolVersion + 3 });
    expect((await updated.sync()).waiting).toBe(1);
    expect([
      await stateOf(updated, mine.id),
      await stateOf(updated, held.id),
      await stateOf(updated, leased.id),
    ]).toEqual(['paid', 'paid', 'awaiting_payment']);
    expect(await kindsOfDocuments(updated)).toEqual(['invoice', 'invoice', 'invoice']);
    expect(await server.sql('select 1 from purchase where purchase_id = $1', [mine.id])).toHaveLength(1);
    await updated.dispose();
  });
});

test('outside the range the counter says that the app must be updated, keeps what waits, and sends it after the update', async () => {
  const folder = newFolder();
  await server.restart();
  const back = await activated(folder);
  await back.ownPlan();
  const old = await realCounter(server, { folder });
  await old.sync();
  await server.restart({ oldest: protocolVersion + 1, newest: protocolVersion + 3 });
  const again = await realCounter(server, { folder: newFolder(), serverUrl: server.url });
  await expect(again.call('session.signUp', pharmacy)).rejects.toThrow('app_too_old');
  await again.dispose();
  await old.dispose();

  const behind = await realCounter(server, { folder });
  const { id } = await behind.queue('topup.50k', priceOf('topup.50k'));
  const view = await behind.sync();
  expect(view.sync).toMatchObject({ connection: 'offline', problem: 'app_too_old' });
  expect(view.session.state).toBe('active');
  expect(view.credits).toMatchObject({ balance: 50_000 });
  expect(await stateOf(behind, id)).toBe('queued');
  expect(await server.sql('select 1 from purchase where purchase_id = $1', [id])).toEqual([]);
  await behind.dispose();

  const updated = await realCounter(server, { folder, speaks: protocolVersion + 2 });
  expect((await updated.sync()).sync).toMatchObject({ connection: 'online', problem: null });
  expect(await stateOf(updated, id)).toBe('awaiting_payment');
  expect(await server.sql('select 1 from purchase where purchase_id = $1', [id])).toHaveLength(1);

  // The other way round: the app was updated before the server.
  await server.restart({ oldest: 1, newest: protocolVersion });
  const ahead = await realCounter(server, { folder: newFolder(), speaks: protocolVersion + 1 });
  await expect(ahead.call('session.signUp', pharmacy)).rejects.toThrow('protocol_unsupported');
  await ahead.dispose();
  await updated.dispose();
});
