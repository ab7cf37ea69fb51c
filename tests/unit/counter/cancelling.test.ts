// A cancel must never leave a live purchase that nobody sees.
import { describe, expect, test } from 'vitest';
import { activeStage } from '../../fakes/played-stage.ts';

const topups = '/api/billing/credits/topup';

describe('cancelling', () => {
  test('one that was never sent is cancelled at once, without a network, and never reaches the server', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api');
    const { id } = await on.app.queue('topup.50k', 250_000);
    expect(await on.app.call('purchases.cancel', { id })).toMatchObject({ state: 'cancelled' });
    await on.app.until(() => !on.app.counter.status().sync.busy);
    on.server.heal();
    on.time.pass(60_000);
    await on.app.sync();
    expect(on.server.sent(topups)).toHaveLength(0);
    expect(on.app.counter.status().waiting).toBe(0);
  });

  test('one whose answer was lost is sent to its end and cancelled at the server', async () => {
    const on = await activeStage();
    on.server.fault('cut', topups, 1);
    on.server.lists = false;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.server.sent(topups).length === 1 && !on.app.counter.status().sync.busy);
    on.server.fault('drop', '/api');
    const view = await on.app.call('purchases.cancel', { id });
    expect(view).toMatchObject({ cancelling: true, cancellable: false });
    expect(view.state).not.toBe('cancelled');
    await on.app.until(() => !on.app.counter.status().sync.busy);
    on.server.heal();
    on.time.pass(600_000);
    await on.app.sync();
    await on.app.until(async () => (await on.app.purchase(id)).state === 'cancelled');
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
  });

  // Found by the simulation of worlds, seed 2511.
  test('one that the server asked to leave alone is left alone until then, also when it is cancelled', async () => {
    const on = await activeStage();
    on.server.retryAfterSeconds = 300;
    on.server.fault('busy', topups, 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.server.sent(topups).length === 1 && !on.app.counter.status().sync.busy);
    expect(await on.app.call('purchases.cancel', { id })).toMatchObject({ cancelling: true });
    await on.app.until(() => !on.app.counter.status().sync.busy);
    on.time.pass(299_000);
    await on.app.sync();
    expect(on.server.sent(topups)).toHaveLength(1);
    on.time.pass(2_000);
    await on.app.sync();
    expect(on.server.sent(topups)).toHaveLength(2);
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
  });

  test('the wish to cancel survives a restart', async () => {
    const on = await activeStage();
    on.server.fault('cut', topups);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.server.sent(topups).length === 1 && !on.app.counter.status().sync.busy);
    on.server.fault('drop', '/api');
    await on.app.call('purchases.cancel', { id });
    await on.app.counter.stop();
    on.server.heal();
    const again = await on.startCounter();
    await again.sync();
    on.time.pass(600_000);
    await again.sync();
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
    expect(await again.purchase(id)).toMatchObject({ state: 'cancelled' });
  });

  test('one that is cancelled while its first request is on its way is cancelled at the server when that is answered', async () => {
    const on = await activeStage();
    const reached = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    await on.app.counter.stop();
    const app = await on.startCounter({
      fetch: async (url, request) => {
        if (url.endsWith(topups)) {
          reached.resolve();
          await held.promise;
        }
        return fetch(url, request);
      },
    });
    await app.sync();
    const { id } = await app.queue('topup.50k', 250_000);
    await reached.promise;
    expect(await app.call('purchases.cancel', { id })).toMatchObject({ state: 'queued', cancelling: true });
    held.resolve();
    await app.until(async () => (await app.purchase(id)).state === 'cancelled');
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
  });

  test('an older copy of the request that makes the purchase after all is cancelled as soon as it shows', async () => {
    const on = await activeStage();
    on.server.org.prices['topup.50k'] = 260_000;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    await on.app.call('purchases.cancel', { id });
    expect(await on.app.purchase(id)).toMatchObject({ state: 'cancelled' });
    on.server.org.create(id, 'topup.50k', 1, 'dev_1', 'Counter 1');
    await on.app.sync();
    expect(on.server.org.purchases.get(id)?.state).toBe('cancelled');
    expect(await on.app.purchase(id)).toMatchObject({ state: 'cancelled' });
  });

  test('one that was refused while its cancel was wanted ends cancelled, since nothing was made', async () => {
    const on = await activeStage();
    on.server.fault('drop', topups, 1);
    const { id } = await on.app.queue('topup.50k', 240_000);
    await on.app.until(() => on.server.sent(topups).length === 1 && !on.app.counter.status().sync.busy);
    await on.app.call('purchases.cancel', { id });
    await on.app.until(() => !on.app.counter.status().sync.busy);
    on.time.pass(10_000);
    await on.app.until(async () => (await on.app.purchase(id)).state === 'cancelled');
    expect(on.server.org.purchases.size).toBe(0);
  });

  test('an unpaid one is cancelled at the server, and only then', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    on.server.fault('drop', '/cancel');
    expect(await on.app.refusal('purchases.cancel', { id })).toMatchObject({ code: 'offline' });
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment', cancellable: true });
    on.server.heal();
    expect(await on.app.call('purchases.cancel', { id })).toMatchObject({ state: 'cancelled' });
  });

  test("another counter's unpaid purchase can be cancelled here", async () => {
    const on = await activeStage();
    on.server.org.create('pur_theirs', 'topup.50k', 1, 'dev_9', 'Back counter');
    await on.app.sync();
    expect(await on.app.call('purchases.cancel', { id: 'pur_theirs' })).toMatchObject({ state: 'cancelled' });
  });

  test('one that was paid meanwhile is not cancelled, and is shown as paid', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    on.server.org.pay(id);
    expect(await on.app.refusal('purchases.cancel', { id })).toMatchObject({ code: 'not_cancellable' });
    expect(await on.app.purchase(id)).toMatchObject({ state: 'paid' });
  });
});
