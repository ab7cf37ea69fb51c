// A counter on a server that is newer than itself: what it does not know is kept as it came, shown for what it is, taken for
// nothing else, and read whole by the version that knows it.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { PurchaseState } from '../../../shared/contract/billing.ts';
import { activeStage, type Stage, seed } from '../../fakes/played-stage.ts';

type Json = Record<string, unknown>;

/** Every purchase that leaves the server goes through this. */
const eachPurchase = (change: (purchase: Json) => Json) => (body: unknown) => changeIn(body, change);
function changeIn(body: unknown, change: (purchase: Json) => Json): unknown {
  if (Array.isArray(body)) return body.map((one) => changeIn(one, change));
  if (typeof body !== 'object' || body === null) return body;
  const read = body as Json;
  if (typeof read.id === 'string' && read.id.startsWith('pur_') && 'sku' in read) return change(read);
  return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, changeIn(value, change)]));
}

/** This one is in a state of tomorrow. */
const onHold = (id: string) =>
  eachPurchase((purchase) =>
    purchase.id === id ? { ...purchase, state: 'on_hold', hold: { until: '2027-01-01', note: 'Ü ₹' } } : purchase,
  );

const itemRow = (on: Stage, id: string) => {
  const file = new Database(join(on.dataDir, 'outbox.db'), { readonly: true });
  const row = file.prepare('SELECT state, detail FROM item WHERE id = ?').get(id) as { state: string; detail: string };
  file.close();
  return row;
};
const heldBody = (on: Stage, id: string): unknown => {
  const file = new Database(join(on.dataDir, 'mirror.db'), { readonly: true });
  const body = file.prepare('SELECT body FROM purchase WHERE id = ?').pluck().get(id);
  file.close();
  return JSON.parse(String(body));
};

const untouched = { checkoutUrl: null, cancellable: false, paidAt: null, invoiceId: null };

describe(`purchases of a newer server (seed ${seed})`, () => {
  test.each([
    ['a state', { state: 'on_hold' }, { sku: 'topup.50k', amountPaise: 250_000 }],
    ['a product', { sku: 'plan.pharmapulse-two', state: 'paid' }, { sku: null, amountPaise: 250_000 }],
    ['a currency', { currency: 'USD', state: 'paid' }, { sku: 'topup.50k', amountPaise: null }],
    ['a shape', { quantity: { packs: 1 }, provider: null }, { sku: 'topup.50k', quantity: 1 }],
  ])(
    'one with %s that nobody knows here is shown as unknown, and takes nothing from the others',
    async (_, change, shown) => {
      const on = await activeStage();
      const strange = on.server.org.create('pur_strange', 'topup.50k', 1, 'dev_9', 'Back office');
      on.server.org.create('pur_plain', 'topup.50k', 2, 'dev_9', 'Back office');
      on.server.rewrite = eachPurchase((purchase) =>
        purchase.id === strange.id ? { ...purchase, ...change } : purchase,
      );
      await on.app.sync();
      const views = await on.app.purchases();
      expect(views.map(({ id, state }) => [id, state])).toEqual([
        ['pur_plain', 'awaiting_payment'],
        ['pur_strange', 'unknown'],
      ]);
      expect(views[1]).toMatchObject({ ...untouched, ...shown, mine: false, deviceName: 'Back office' });
      expect(on.app.counter.status().sync).toMatchObject({ connection: 'online', problem: null });
      expect(heldBody(on, strange.id)).toEqual({ ...strange, ...change });
      expect((await on.app.call('notices.list', {})).items).toEqual([]);
    },
  );

  test('nothing can be done with an unknown one: neither paid nor cancelled, and the server is not asked to', async () => {
    const on = await activeStage();
    on.server.org.create('pur_strange', 'topup.50k', 1, 'dev_9', 'Back office');
    on.server.rewrite = onHold('pur_strange');
    await on.app.sync();
    expect(await on.app.refusal('purchases.pay', { id: 'pur_strange' })).toMatchObject({ code: 'not_payable' });
    expect(await on.app.refusal('purchases.cancel', { id: 'pur_strange' })).toMatchObject({ code: 'not_cancellable' });
    expect(on.server.sent('/cancel')).toEqual([]);
    expect(on.opened).toEqual([]);
  });

  test('an item of a list that is no purchase at all is left out and logged, and the others stand', async () => {
    const on = await activeStage();
    on.server.org.create('pur_plain', 'topup.50k', 1, 'dev_9', 'Back office');
    on.server.rewrite = (body, seen) =>
      seen.path.startsWith('/api/billing/purchases?')
        ? { items: [null, 7, {}, ...(body as { items: [] }).items], nextCursor: null }
        : body;
    await on.app.sync();
    expect((await on.app.purchases()).map(({ id }) => id)).toEqual(['pur_plain']);
    expect(on.logged.some((line) => line.includes('purchases could not be read {"purchases":3}'))).toBe(true);
  });
});

describe(`what waits, at a newer server (seed ${seed})`, () => {
  test('sent and answered with an unknown state: neither paid nor final; it waits, and is asked for again until it is known', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    on.server.rewrite = onHold(id);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({
      ...untouched,
      state: 'unknown',
      mine: true,
      amountPaise: 250_000,
    });
    expect(on.app.counter.status()).toMatchObject({ waiting: 1, sync: { problem: null } });
    const asked = () => on.server.seen.filter(({ method, path }) => method === 'GET' && path.endsWith(id)).length;
    const before = asked();
    on.server.lists = false;
    for (let round = 0; round < 3; round += 1) {
      on.time.pass(3_600_000);
      await on.app.sync();
    }
    expect(asked() - before).toBeGreaterThanOrEqual(3);
    expect(on.server.sent('/credits/topup')).toHaveLength(1);
    on.server.rewrite = (body) => body;
    on.server.org.pay(id);
    on.time.pass(3_600_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'paid' });
    expect(on.app.counter.status()).toMatchObject({ waiting: 0, credits: { balance: 100_000 } });
  });

  test('one that was open and then is told in an unknown state loses its pay page and its cancel', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment', cancellable: true });
    on.server.rewrite = onHold(id);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ ...untouched, state: 'unknown' });
    expect(await on.app.refusal('purchases.pay', { id })).toMatchObject({ code: 'not_payable' });
    expect(await on.app.refusal('purchases.cancel', { id })).toMatchObject({ code: 'not_cancellable' });
  });

  test('a cancel that was wanted is not sent for a purchase in an unknown state, and is once it is open again', async () => {
    const on = await activeStage();
    on.server.fault('cut', '/credits/topup', 1);
    on.server.lists = false;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    // From here on every answer about it is of tomorrow, also the one to its second try.
    on.server.rewrite = onHold(id);
    await on.app.call('purchases.cancel', { id });
    on.time.pass(10_000);
    await on.app.until(async () => (await on.app.purchase(id)).state === 'unknown');
    expect(on.server.sent('/cancel')).toEqual([]);
    on.server.rewrite = (body) => body;
    on.time.pass(3_600_000);
    await on.app.until(async () => (await on.app.purchase(id)).state === 'cancelled');
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
  });

  test('a refusal that names a purchase in an unknown state still says whom to follow', async () => {
    const on = await activeStage();
    on.server.org.create('pur_first', 'renewal.year', 1, 'dev_9', 'Back office');
    on.server.rewrite = onHold('pur_first');
    const { id } = await on.app.queue('renewal.year', 100_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({
      state: 'rejected',
      ...{
        reason: 'purchase_in_progress',
        followsId: 'pur_first',
        followsDevice: 'Back office',
        followsState: 'unknown',
      },
    });
  });

  test('after an update the first start reads what was kept, before it has asked anybody', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    on.server.rewrite = onHold(id);
    await on.app.sync();
    const said = { ...on.server.org.purchases.get(id), state: 'on_hold', hold: { until: '2027-01-01', note: 'Ü ₹' } };
    expect(itemRow(on, id).state).toBe('unknown');
    expect(JSON.parse(itemRow(on, id).detail)).toEqual({ said });
    expect(heldBody(on, id)).toEqual(said);
    await on.app.counter.stop();
    // This version cannot be taught a state, so the state is turned into one that it knows, in both files: to it, it is an update.
    const learnt: PurchaseState = 'expired';
    for (const [name, sql] of [
      ['outbox.db', 'UPDATE item SET detail = replace(detail, ?, ?)'],
      ['mirror.db', 'UPDATE purchase SET seal = -1, body = replace(body, ?, ?)'],
    ] as const) {
      const file = new Database(join(on.dataDir, name));
      file.prepare(sql).run('"on_hold"', `"${learnt}"`);
      file.close();
    }
    on.server.fault('drop', '/');
    const updated = await on.startCounter();
    expect(await updated.purchase(id)).toMatchObject({ state: learnt, amountPaise: 250_000, mine: true });
    expect(itemRow(on, id).state).toBe(learnt);
  });
});

describe(`status of a newer server (seed ${seed})`, () => {
  const tomorrow = (status: Json): Json => ({
    ...status,
    plan: 'pharmapulse-two',
    subscription: {
      ...(status.subscription as Json),
      ...{ planType: 'leased', serviceRenewalStatus: 'paused', renewalMode: 'by_invoice', seats: 3 },
    },
    reminders: [{ kind: 'days_90', due: '2027-11-22', at: '2026-11-22T10:00:00.000Z' }, { shape: 'another' }],
    features: { 'pos.core': true, 'loyalty.cards': 'beta' },
    prices: { ...(status.prices as Json), 'renewal.year': undefined, 'loyalty.pack': { monthly: true } },
    loyalty: { points: 12 },
  });

  test('what it does not know is left out; balance, dates, status and prices that it knows stand', async () => {
    const on = await activeStage();
    const before = on.app.counter.status();
    on.server.tamper = (page) => ({ ...page, status: tomorrow(page.status as Json), weather: 'fine' });
    const { plan, prices, credits, sync } = await on.app.sync();
    expect(sync).toMatchObject({ connection: 'online', problem: null });
    expect(plan).toMatchObject({ owned: true, status: 'active', nextDue: before.plan?.nextDue, renewalMode: null });
    expect(credits).toEqual(before.credits);
    expect(prices).toMatchObject({ 'topup.50k': { amountPaise: 250_000 } });
    expect(Object.keys(prices ?? {})).toEqual(['plan.pharmapulse-one', 'topup.50k']);
    expect((await on.app.call('notices.list', {})).items).toEqual([]);
  });

  test('it is kept with every field, for the version that knows them', async () => {
    const on = await activeStage();
    let said: unknown;
    on.server.tamper = (page) => {
      said = JSON.parse(JSON.stringify(tomorrow(page.status as Json)));
      return { ...page, status: said };
    };
    await on.app.sync();
    const file = new Database(join(on.dataDir, 'mirror.db'), { readonly: true });
    const kept = file.prepare('SELECT status FROM position').pluck().get();
    file.close();
    expect(JSON.parse(String(kept))).toEqual(said);
  });
});

describe(`documents of a newer server (seed ${seed})`, () => {
  const tomorrow = { kind: 'debit_note', irn: { ack: '112010036563310' } };

  test('one of a kind that nobody knows here is listed as such, kept as it came, and takes nothing from the others', async () => {
    const on = await activeStage();
    on.server.documents.issue('2026-03-12');
    const strange = on.server.documents.issue('2026-03-28');
    on.server.rewrite = (body) =>
      JSON.parse(JSON.stringify(body), (_, value) => (value?.id === strange.id ? { ...value, ...tomorrow } : value));
    on.server.org.create('pur_news', 'topup.50k', 1, 'dev_9', 'Back office');
    await on.app.sync();
    const all = { limit: 10, offset: 0, financialYear: null, kind: null };
    const page = await on.app.call('documents.list', all);
    expect(page).toMatchObject({ total: 2, held: 2 });
    expect(page.listedAt).not.toBeNull();
    expect(page.items.map(({ id, kind }) => [id, kind])).toEqual([
      [strange.id, 'unknown'],
      [expect.any(String), 'invoice'],
    ]);
    expect(page.items[0]).toMatchObject({ number: strange.number, issuedOn: '2026-03-28', totalPaise: null });
    expect(await on.app.refusal('documents.get', { id: strange.id })).toMatchObject({ code: 'not_understood' });
    const file = new Database(join(on.dataDir, 'mirror.db'), { readonly: true });
    const body = file.prepare('SELECT body FROM document WHERE id = ?').pluck().get(strange.id);
    file.close();
    expect(JSON.parse(String(body))).toEqual({ ...strange, ...tomorrow });
    // A register written here would be wrong without it, so none is.
    on.server.fault('drop', '/');
    expect(await on.app.refusal('documents.export', { from: '2026-03-01', to: '2026-03-31' })).toMatchObject({
      code: 'documents_missing',
    });
  });
});

test('a warning about the profile that nobody knows here is left out, and the profile is read', async () => {
  const on = await activeStage();
  on.server.rewrite = (body) =>
    typeof body === 'object' && body !== null && 'warnings' in body
      ? { ...body, warnings: ['gstin_suspended', 'pin_of_another_state'], upi: 'shop@bank' }
      : body;
  const profile = await on.app.call('profile.get', {});
  expect(profile).toMatchObject({ legalName: 'Asha Medicals', warnings: ['pin_of_another_state'] });
});
