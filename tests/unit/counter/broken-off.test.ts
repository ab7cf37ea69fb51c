// Contacts that broke off at a bad moment: what they learnt is not forgotten, and what came too late is not believed.
import { describe, expect, test } from 'vitest';
import { activeStage } from '../../fakes/played-stage.ts';
import { list } from './papers.ts';

describe('a contact that broke off', () => {
  test('the invoice of a payment that its ledger told of is fetched by the next one', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    on.server.org.pay(id);
    on.server.documents.issue('2026-11-22');
    // The ledger is read, the purchases are not; and that this one is paid is known by then from the refused cancel.
    on.server.fault('portal', '/api/billing/purchases?', 1);
    expect((await on.app.refusal('purchases.cancel', { id })).code).toBe('not_cancellable');
    await on.app.until(() => on.app.counter.status().sync.problem === 'not_our_server');
    on.time.pass(31_000);
    await on.app.until(async () => (await list(on.app)).total === 1);
  });

  test('an answer that waited while the PC slept is none: what it calls now is long ago', async () => {
    const on = await activeStage();
    await on.app.counter.stop();
    let slept = 0;
    let falls = false;
    const app = await on.startCounter({
      monotonic: () => on.time.monotonic() + slept,
      clock: { now: () => new Date(on.time.clock.now().getTime() + slept) },
      fetch: async (url, request) => {
        const answer = await fetch(url, request);
        if (falls && url.includes('/api/sync/feed')) slept += 3_600_000;
        return answer;
      },
    });
    await app.sync();
    const { verifiedAt } = app.counter.status().sync;
    falls = true;
    const { sync } = await app.sync();
    expect(sync).toMatchObject({ connection: 'offline', problem: 'timeout', verifiedAt });
    // Said to be as old as it is, or not said.
    expect(sync.ageSeconds === null || sync.ageSeconds >= 3_600).toBe(true);
  });
});
