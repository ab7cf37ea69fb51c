// How soon the counter sees what happened: push, polling, and streams that fall silent.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextLookMs } from '../../../main/sync/cadence.ts';
import { longestSilence } from '../../../main/sync/push.ts';
import { activeStage } from '../../fakes/played-stage.ts';

const events = '/api/sync/events';

describe('watching the server', () => {
  test('a change that the server tells is pulled at once, without any timer', async () => {
    const on = await activeStage();
    await on.app.until(() => on.server.streams === 1 && !on.app.counter.status().sync.busy);
    on.server.org.append(11);
    on.server.tell();
    await on.app.until(() => on.app.counter.status().credits?.balance === 50_011);
  });

  test("another counter's new purchase is seen by push, though the ledger did not move", async () => {
    const on = await activeStage();
    await on.app.until(() => on.server.streams === 1 && !on.app.counter.status().sync.busy);
    on.server.org.create('pur_theirs', 'renewal.year', 1, 'dev_9', 'Back counter');
    on.server.tell();
    await on.app.until(async () => (await on.app.purchases()).some((purchase) => purchase.id === 'pur_theirs'));
  });

  test('where push is blocked, a change is seen within 30 seconds', async () => {
    const on = await activeStage();
    await on.app.counter.stop();
    on.server.fault('proxy', events);
    const app = await on.startCounter();
    await app.sync();
    on.server.org.append(11);
    expect(on.time.pending().some((ms) => ms <= 30_000)).toBe(true);
    on.time.pass(30_000);
    await app.until(() => app.counter.status().credits?.balance === 50_011);
  });

  test('a stream that is open but carries nothing does not count, and is opened anew', async () => {
    const on = await activeStage();
    await on.app.counter.stop();
    on.server.mute = true;
    const app = await on.startCounter();
    await app.sync();
    await app.until(() => on.server.sent(events).length > 1 && !app.counter.status().sync.busy);
    on.server.org.append(11);
    const before = on.server.sent(events).length;
    on.time.pass(longestSilence);
    await app.until(() => on.logged.some((line) => line.includes('silent')));
    await app.until(() => app.counter.status().credits?.balance === 50_011);
    on.time.pass(30_000);
    await app.until(() => on.server.sent(events).length > before);
  });

  test('a stream that was alive and falls silent hides nothing for longer than 30 seconds', async () => {
    const on = await activeStage();
    await on.app.until(() => on.server.streams === 1 && !on.app.counter.status().sync.busy);
    on.server.org.append(11);
    on.time.pass(30_000);
    await on.app.until(() => on.app.counter.status().credits?.balance === 50_011);
  });

  test('when the stream ends, it is opened anew, and what came meanwhile is pulled', async () => {
    const on = await activeStage();
    await on.app.until(() => on.server.streams === 1 && !on.app.counter.status().sync.busy);
    on.server.endStreams();
    await on.app.until(() => on.logged.some((line) => line.includes('ended by the server')));
    on.server.org.append(11);
    await on.app.until(() => !on.app.counter.status().sync.busy);
    on.time.pass(30_000);
    await on.app.until(() => on.app.counter.status().credits?.balance === 50_011);
  });

  test('after the user goes to pay, it is looked every few seconds', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.call('purchases.pay', { id })).toEqual({ url: `https://pay.example/pay/${id}`, opened: true });
    expect(on.opened).toEqual([`https://pay.example/pay/${id}`]);
    expect(Math.min(...on.time.pending())).toBeLessThanOrEqual(4_000);
    on.server.org.pay(id);
    on.time.pass(4_000);
    await on.app.until(async () => (await on.app.purchase(id)).state === 'paid');
    expect(await on.app.refusal('purchases.pay', { id })).toMatchObject({ code: 'not_payable' });
  });

  test('the pay page is opened, and stands in the QR code, in the language that was chosen here, of whosever purchase', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    on.server.org.create('pur_other', 'topup.50k', 1, 'dev_9', 'x');
    on.server.org.change('pur_other', { checkoutUrl: 'https://pay.example/pay/pur_other?t=a%2Bb' });
    await on.app.sync();
    await on.app.call('settings.save', { language: 'hi' });
    expect((await on.app.purchase(id)).checkoutUrl).toBe(`https://pay.example/pay/${id}?lang=hi`);
    expect((await on.app.purchase('pur_other')).checkoutUrl).toBe('https://pay.example/pay/pur_other?t=a%2Bb&lang=hi');
    expect(await on.app.call('purchases.pay', { id })).toMatchObject({ url: `https://pay.example/pay/${id}?lang=hi` });
    await on.app.call('settings.save', { language: null });
    expect((await on.app.purchase(id)).checkoutUrl).toBe(`https://pay.example/pay/${id}`);
  });

  test('only web pages are opened', async () => {
    const on = await activeStage();
    on.server.org.create('pur_bad', 'topup.50k', 1, 'dev_9', 'x');
    on.server.org.change('pur_bad', { checkoutUrl: 'file:///etc/passwd' });
    await on.app.sync();
    expect(await on.app.refusal('purchases.pay', { id: 'pur_bad' })).toMatchObject({ code: 'not_payable' });
    expect(on.opened).toEqual([]);
  });

  test('the next look is never further than 30 seconds without push, never closer than one, and soon while paying', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.option(fc.nat(1e7)),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (pushed, paying, due, dice) => {
          const ms = nextLookMs({ pushed, paying, dueInMs: due }, () => dice);
          expect(ms).toBeGreaterThanOrEqual(1_000);
          if (!pushed) expect(ms).toBeLessThanOrEqual(30_000);
          if (paying) expect(ms).toBeLessThanOrEqual(4_000);
          if (due !== null) expect(ms).toBeLessThanOrEqual(Math.max(1_000, due));
        },
      ),
    );
  });
});
