// The outbox against a server and a network that misbehave.
import { describe, expect, test } from 'vitest';
import { activeStage, seed } from '../../fakes/played-stage.ts';

const topups = '/api/billing/credits/topup';

describe(`delivery (seed ${seed})`, () => {
  test('an answer lost after the server did its work: sent again with the same id and key, there is one purchase', async () => {
    const on = await activeStage();
    // The lists are behind as well, so that only the resend can find out.
    on.server.lists = false;
    on.server.fault('cut', topups, 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    on.time.pass(600_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
    expect(on.server.org.purchases.size).toBe(1);
  });

  test('every resend carries the id, key and body of the first', async () => {
    const on = await activeStage();
    on.server.fault('drop', topups, 2);
    const { id } = await on.app.queue('topup.50k', 250_000);
    for (let round = 0; round < 3; round += 1) {
      await on.app.sync();
      on.time.pass(600_000);
    }
    await on.app.until(async () => (await on.app.purchase(id)).state === 'awaiting_payment');
    const sent = on.server.sent(topups);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((seen) => JSON.stringify([seen.key, seen.body]))).size).toBe(1);
    expect(sent[0]?.body.id).toBe(id);
  });

  test('a request that the network doubled makes one purchase', async () => {
    const on = await activeStage();
    on.server.fault('double', topups, 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
    expect(on.server.org.purchases.size).toBe(1);
  });

  test('a server of another version is told of in its own words; what waits is kept, and sent once one of both is updated', async () => {
    const on = await activeStage();
    on.server.fault('versions', '/api/', 3);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(on.app.counter.status().sync).toMatchObject({ connection: 'offline', problem: 'protocol_unsupported' });
    expect(await on.app.purchase(id)).toMatchObject({ state: 'queued', cancellable: true });
    for (let round = 0; round < 4; round += 1) {
      on.time.pass(600_000);
      await on.app.sync();
    }
    await on.app.until(async () => (await on.app.purchase(id)).state === 'awaiting_payment');
    expect(on.app.counter.status().sync).toMatchObject({ connection: 'online', problem: null });
    expect(on.server.org.purchases.size).toBe(1);
  });

  test('an item that the server refuses is rejected with its reason, and those behind it are sent', async () => {
    const on = await activeStage();
    // The plan is refunded while this counter still knows of it: it queues what the server will refuse.
    on.server.org.plan = null;
    const bad = await on.app.queue('topup.50k', 250_000);
    const good = await on.app.queue('plan.pharmapulse-one', 1_500_000);
    await on.app.sync();
    expect(await on.app.purchase(bad.id)).toMatchObject({ state: 'rejected', reason: 'plan_required' });
    expect(await on.app.purchase(good.id)).toMatchObject({ state: 'awaiting_payment' });
  });

  test.each(['broken', 'drop', 'portal', 'proxy', 'redirect'] as const)(
    'an item that always meets "%s" delays the ones behind it by no more than one turn',
    async (fault) => {
      const on = await activeStage();
      on.server.fault(fault, (seen) => seen.body.packs === 2);
      const bad = await on.app.queue('topup.50k', 500_000, { quantity: 2 });
      const good = await on.app.queue('topup.50k', 250_000);
      await on.app.sync();
      await on.app.sync();
      expect(await on.app.purchase(good.id)).toMatchObject({ state: 'awaiting_payment' });
      expect(await on.app.purchase(bad.id)).toMatchObject({ state: 'queued', reason: null });
      expect(on.app.counter.status().sync.connection).toBe('online');
    },
  );

  test('an item is not sent again before the time that the server asked for, also after a restart', async () => {
    const on = await activeStage();
    on.server.retryAfterSeconds = 900;
    on.server.fault('busy', topups, 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    await on.app.counter.stop();
    const again = await on.startCounter();
    await again.sync();
    on.time.pass(899_000);
    expect((await again.sync()).sync.connection).toBe('online');
    expect(on.server.sent(topups)).toHaveLength(1);
    on.time.pass(2_000);
    await again.sync();
    expect(await again.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
  });

  test("a time that was written under a server's wrong clock holds nothing up once it is right", async () => {
    const on = await activeStage();
    on.server.fault('busy', topups, 1);
    on.time.setClock('2126-01-01T00:00:00.000Z');
    await on.app.sync();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(on.server.sent(topups)).toHaveLength(1);
    on.time.setClock('2026-11-22T09:31:00.000Z');
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
  });

  test('another price: nothing is made until the user agrees, then it goes with the new one', async () => {
    const on = await activeStage();
    on.server.org.prices['topup.50k'] = 260_000;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'needs_confirmation', newAmountPaise: 260_000 });
    expect(on.server.org.purchases.size).toBe(0);
    expect(await on.app.refusal('purchases.confirmPrice', { id, amountPaise: 250_000 })).toMatchObject({
      code: 'price_changed',
    });
    await on.app.call('purchases.confirmPrice', { id, amountPaise: 260_000 });
    await on.app.call('purchases.confirmPrice', { id, amountPaise: 260_000 });
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment', amountPaise: 260_000 });
  });

  test("another counter was first: ours is rejected and names the other's purchase and counter", async () => {
    const on = await activeStage();
    on.server.org.create('pur_theirs', 'renewal.year', 1, 'dev_9', 'Back counter');
    const { id } = await on.app.queue('renewal.year', 100_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({
      state: 'rejected',
      reason: 'purchase_in_progress',
      followsId: 'pur_theirs',
      followsDevice: 'Back counter',
    });
    expect(await on.app.purchase('pur_theirs')).toMatchObject({ mine: false, state: 'awaiting_payment' });
  });

  test('a plan that is owned already is rejected', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('plan.pharmapulse-one', 1_500_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'rejected', reason: 'plan_already_owned' });
  });

  test('a revoked counter sends nothing more, keeps its items, and says so', async () => {
    const on = await activeStage();
    on.server.revoked.add('dev_1');
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.app.counter.status().session.state === 'revoked');
    const before = on.server.seen.length;
    on.app.counter.wake();
    on.time.pass(3_600_000);
    await on.app.sync();
    expect(on.server.seen.length).toBe(before);
    expect(await on.app.purchase(id)).toMatchObject({ state: 'queued' });
    expect(on.app.counter.status()).toMatchObject({ sync: { connection: 'refused' }, credits: { balance: 50_000 } });
  });

  test('a purchase that the server keeps without an order is sent again until it can be paid', async () => {
    const on = await activeStage();
    on.server.fault('busy', topups, 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    on.server.org.create(id, 'topup.50k', 1, 'dev_1', 'Counter 1');
    on.server.org.change(id, { checkoutUrl: null, providerOrderId: null });
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment', checkoutUrl: null });
    on.time.pass(600_000);
    await on.app.sync();
    expect((await on.app.purchase(id)).checkoutUrl).not.toBeNull();
    expect(new Set(on.server.sent(topups).map((seen) => seen.key)).size).toBe(1);
  });

  test('what the server settles is seen at the next pull, with the credits', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    on.server.org.pay(id);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'paid' });
    expect(on.app.counter.status().credits).toMatchObject({ balance: 100_000 });
  });

  test('a list that was asked for before a cancel was answered does not bring the purchase back', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    await on.app.counter.stop();
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let hold = false;
    const app = await on.startCounter({
      fetch: async (url, request) => {
        const answer = await fetch(url, request);
        if (!hold || !url.includes('/api/billing/purchases?')) return answer;
        asked.resolve();
        await held.promise;
        return answer;
      },
    });
    await app.sync();
    on.server.fault('drop', '/api/sync/events');
    hold = true;
    const syncing = app.sync();
    await asked.promise;
    await app.call('purchases.cancel', { id });
    on.server.fault('drop', '/api/sync/feed');
    held.resolve();
    await syncing;
    expect(await app.purchase(id)).toMatchObject({ state: 'cancelled' });
  });
});
