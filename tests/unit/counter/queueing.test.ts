// What "queued" promises.
import { cpSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { activeStage, stage, tempFolder } from '../../fakes/played-stage.ts';

describe('queueing a purchase', () => {
  test('a purchase that was answered as queued is there after a power cut at that very moment', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api');
    const queued = await on.app.queue('topup.50k', 250_000);
    // The files as they lie on the disk, taken while the counter still runs: nothing was closed or flushed for it.
    const dataDir = tempFolder();
    for (const file of ['outbox.db', 'outbox.db-wal']) cpSync(`${on.dataDir}/${file}`, `${dataDir}/${file}`);
    const again = await on.startCounter({ dataDir });
    expect(await again.purchase(queued.id)).toMatchObject({ state: 'queued', amountPaise: 250_000, mine: true });
  });

  test('a call that was sent twice queues one purchase', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api');
    const first = await on.app.queue('topup.50k', 250_000, { intent: 'press-number-1' });
    const second = await on.app.queue('topup.50k', 250_000, { intent: 'press-number-1' });
    expect(second.id).toBe(first.id);
    expect(await on.app.purchases()).toHaveLength(1);
  });

  test('a call that comes again is answered with its purchase, also where it could not be sold any more', async () => {
    const on = await activeStage();
    const first = await on.app.queue('topup.50k', 250_000, { intent: 'press-number-1' });
    on.server.org.plan = null;
    await on.app.sync();
    const other = { intent: 'press-number-2', sku: 'topup.50k', quantity: 1, expectedAmountPaise: 250_000 } as const;
    expect(await on.app.refusal('purchases.queue', other)).toMatchObject({ code: 'plan_required' });
    expect((await on.app.queue('topup.50k', 250_000, { intent: 'press-number-1' })).id).toBe(first.id);
  });

  test('a purchase can be queued without a network and is sent when there is one', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api');
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.app.counter.status().sync.connection === 'offline');
    expect(on.app.counter.status().waiting).toBe(1);
    on.server.heal();
    on.time.pass(30_000);
    await on.app.until(async () => (await on.app.purchase(id)).state === 'awaiting_payment');
  });

  test('nothing can be queued on a counter that is nobody yet', async () => {
    const on = await stage();
    const app = await on.startCounter();
    const wish = { intent: 'press-number-1', sku: 'topup.50k', quantity: 1, expectedAmountPaise: 1 } as const;
    expect(await app.refusal('purchases.queue', wish)).toMatchObject({ code: 'not_activated' });
  });

  test('only packs come in numbers', async () => {
    const on = await activeStage(false);
    const wish = {
      intent: 'press-number-1',
      sku: 'plan.pharmapulse-one',
      quantity: 2,
      expectedAmountPaise: 1,
    } as const;
    expect(await on.app.refusal('purchases.queue', wish)).toMatchObject({ code: 'invalid_request' });
  });
});
