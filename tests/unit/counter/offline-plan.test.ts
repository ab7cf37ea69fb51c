// The plan on a whole counter: files on a real disk, answers over real HTTP. What it shows and does while the server is away,
// while it is lied to, and when the server comes back.
import { describe, expect, test } from 'vitest';
import { featuresOf } from '../../../shared/plan/renewal.ts';
import { playedKey, statementOf } from '../../fakes/played-keys.ts';
import { activeStage } from '../../fakes/played-stage.ts';

const day = 86_400_000;
type On = Awaited<ReturnType<typeof activeStage>>;

/** From now on every feed answer says this in place of its own entitlement. */
function present(on: On, entitlement: string): void {
  on.server.tamper = (page) => ({ ...page, status: { ...(page.status as object), entitlement } });
}
const honest = (on: On) => {
  on.server.tamper = (page) => page;
};
const cutOff = (on: On) => on.server.fault('drop', '/api');
const refusals = (on: On) => on.logged.filter((line) => line.includes('left aside'));

describe('without the server', () => {
  test('a lapse turns off its four features on the day, everything else works on, and a renewal brings them back with the next answer', async () => {
    const on = await activeStage();
    on.server.org.plan = { purchasedAt: '2025-11-25T09:30:00.000Z', nextDue: '2026-11-25' };
    await on.app.sync();
    expect(on.app.counter.status().plan).toMatchObject({ status: 'due_soon', daysLeft: 3, featuresStale: false });
    cutOff(on);
    on.time.pass(18 * day);
    expect(on.app.counter.status().plan).toMatchObject({
      owned: true,
      status: 'lapsed',
      nextDue: '2026-11-25',
      features: featuresOf('lapsed'),
      featuresStale: false,
    });
    expect(await on.app.queue('topup.50k', 250_000)).toMatchObject({ state: 'queued' });
    expect(await on.app.queue('renewal.year', 100_000)).toMatchObject({ state: 'queued' });
    on.server.heal();
    on.server.org.plan = { purchasedAt: '2025-11-25T09:30:00.000Z', nextDue: '2027-12-10' };
    expect((await on.app.sync()).plan).toMatchObject({ status: 'active', features: featuresOf('active') });
  });

  test('after 30 days features stay as they were and are marked, and nothing is locked', async () => {
    const on = await activeStage();
    cutOff(on);
    on.time.pass(29 * day);
    expect(on.app.counter.status().plan).toMatchObject({ status: 'active', featuresStale: false, asOf: null });
    on.time.pass(500 * day);
    const { plan, session } = on.app.counter.status();
    expect(plan).toMatchObject({
      owned: true,
      status: 'active',
      nextDue: '2027-11-22',
      features: featuresOf('active'),
      featuresStale: true,
      asOf: '2026-12-22T09:30:00.000Z',
      daysLeft: null,
    });
    expect(session.state).toBe('active');
    expect(await on.app.queue('topup.50k', 250_000)).toMatchObject({ state: 'queued' });
  });

  test.each([
    ['right', 0, 'unknown', null],
    ['a hundred years back', -36_500 * day, 'wrong', '2026-11-22T09:30:00.000Z'],
    ['a hundred years ahead', 36_500 * day, 'wrong', '2026-11-22T09:30:00.000Z'],
    ['two years ahead', 730 * day, 'unknown', '2026-11-22T09:30:00.000Z'],
  ])(
    'a start with a clock that is %s locks nothing and claims no more than was known',
    async (_what, off, clock, asOf) => {
      const on = await activeStage();
      await on.app.counter.stop();
      cutOff(on);
      on.time.setClock(new Date(on.time.clock.now().getTime() + off).toISOString());
      const again = await on.startCounter();
      const { plan, session, sync } = again.counter.status();
      expect(plan).toMatchObject({
        owned: true,
        status: 'active',
        nextDue: '2027-11-22',
        features: featuresOf('active'),
        featuresStale: true,
        daysLeft: null,
        asOf,
      });
      expect(sync).toMatchObject({ clock, ageSeconds: null, verifiedAt: '2026-11-22T09:30:00.000Z' });
      expect(session.state).toBe('active');
      expect(await again.queue('topup.50k', 250_000)).toMatchObject({ state: 'queued' });
    },
  );
});

describe('a top-up', () => {
  test('without the plan is not queued, and with the plan it is', async () => {
    const on = await activeStage(false);
    for (const sku of ['topup.50k', 'renewal.year'] as const) {
      const wish = { intent: `press-of-${sku.replace('.', '-')}`, sku, quantity: 1, expectedAmountPaise: 250_000 };
      expect(await on.app.refusal('purchases.queue', wish)).toMatchObject({ code: 'plan_required', retryable: false });
    }
    expect(await on.app.purchases()).toEqual([]);
    on.server.org.buyPlan();
    await on.app.sync();
    expect(await on.app.queue('topup.50k', 250_000)).toMatchObject({ state: 'queued' });
  });

  test('is for the server to refuse where this counter cannot be sure', async () => {
    const on = await activeStage(false);
    cutOff(on);
    on.time.pass(31 * day);
    expect(await on.app.queue('topup.50k', 250_000)).toMatchObject({ state: 'queued' });
  });
});

describe('an answer that is not to be believed', () => {
  test('a replayed entitlement never undoes a newer one, also not after a restart; it is logged once and told until it ends', async () => {
    const on = await activeStage();
    const old = on.server.org.entitlement();
    on.time.pass(day);
    on.server.org.plan = { purchasedAt: '2026-11-22T09:30:00.000Z', nextDue: '2028-11-22' };
    await on.app.sync();
    present(on, old);
    for (let times = 0; times < 3; times += 1) await on.app.sync();
    expect(on.app.counter.status().plan).toMatchObject({ nextDue: '2028-11-22', featuresStale: false });
    expect(refusals(on)).toHaveLength(1);
    await on.app.counter.stop();
    const again = await on.startCounter();
    const view = await again.sync();
    expect(view.plan).toMatchObject({ nextDue: '2028-11-22', featuresStale: false });
    expect(view.sync).toMatchObject({ connection: 'online', problem: 'entitlement_refused' });
    expect(refusals(on)).toHaveLength(2);
    honest(on);
    expect((await again.sync()).sync.problem).toBeNull();
  });

  test('a forged one locks nothing: not the plan, and not what is asked for', async () => {
    const on = await activeStage();
    present(on, on.server.org.entitlement(playedKey('stranger')));
    on.server.org.plan = null;
    const view = await on.app.sync();
    expect(view.plan).toMatchObject({ owned: true, status: 'active', features: featuresOf('active') });
    expect(await on.app.queue('topup.50k', 250_000)).toMatchObject({ id: expect.any(String) });
  });

  test('a new key is believed on the word of one that is, over a restart, and an old one then signs nothing new', async () => {
    const on = await activeStage();
    for (let times = 0; times < 3; times += 1) on.server.org.rotateKey();
    on.time.pass(day);
    on.server.org.plan = { purchasedAt: '2026-11-22T09:30:00.000Z', nextDue: '2028-11-22' };
    expect((await on.app.sync()).sync.problem).toBeNull();
    await on.app.counter.stop();
    const again = await on.startCounter();
    expect(again.counter.status().plan).toMatchObject({ nextDue: '2028-11-22' });
    await again.sync();
    on.time.pass(day);
    const [first] = on.server.org.keys;
    present(on, on.server.org.entitlement(first));
    expect((await again.sync()).sync.problem).toBe('entitlement_refused');
    // Whoever holds the first key announces a key of his own with it.
    const stranger = playedKey('stranger');
    if (first !== undefined) on.server.org.keyChain.push(statementOf(first, stranger, 4_000_000_000));
    present(on, on.server.org.entitlement(stranger));
    expect((await again.sync()).sync.problem).toBe('entitlement_refused');
    expect(again.counter.status().plan).toMatchObject({ nextDue: '2028-11-22', featuresStale: false });
    honest(on);
    expect((await again.sync()).sync.problem).toBeNull();
    expect(on.logged.filter((line) => line.includes('a statement about a new key'))).toHaveLength(1);
  });
});
