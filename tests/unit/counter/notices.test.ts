// What the user of a counter is told: each thing once, for ever, kept in the counter's own SQLite file.
import { describe, expect, test, vi } from 'vitest';
import type { CallOutput } from '../../../shared/contract/ipc.ts';
import { activeStage, type PlayedCounter, pharmacy, stage } from '../../fakes/played-stage.ts';

type Items = CallOutput<'notices.list'>['items'];

const listed = async (app: PlayedCounter): Promise<Items> => (await app.call('notices.list', {})).items;

/** Tells all that is new, as a screen does, and answers what was told. */
async function tell(app: PlayedCounter): Promise<string[]> {
  const told: string[] = [];
  for (const notice of await listed(app)) {
    const { first } = await app.call('notices.tell', { key: notice.key, title: notice.kind, body: '' });
    if (first) told.push(notice.kind === 'reminder' ? notice.reminder : notice.kind);
  }
  return told;
}

const day = 86_400_000;

// Months of looks at a real server over real files; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

/** A counter whose org's plan falls due in so many days from now. */
async function dueIn(days: number) {
  const on = await activeStage();
  on.time.pass((365 - days) * day);
  await on.app.sync();
  return on;
}

describe('a renewal', () => {
  test('is told at 30, 15, 7 and 1 days, when it is due, and on the lapse: once each, and nothing in between', async () => {
    const on = await activeStage();
    const told: [number, string[]][] = [];
    let before = 365;
    for (const left of [31, 30, 29, 16, 15, 14, 8, 7, 6, 2, 1, 0, -1, -14, -15, -16]) {
      on.time.pass((before - left) * day);
      before = left;
      await on.app.sync();
      const now = await tell(on.app);
      if (now.length > 0) told.push([left, now]);
    }
    expect(told).toEqual([
      [30, ['days_30']],
      [15, ['days_15']],
      [7, ['days_7']],
      [1, ['days_1']],
      [0, ['due']],
      [-15, ['lapsed']],
    ]);
  });

  test('after weeks away is told as it stands now, not with all that was missed', async () => {
    const on = await dueIn(40);
    expect(await tell(on.app)).toEqual([]);
    on.time.pass(34 * day);
    await on.app.sync();
    expect(await listed(on.app)).toMatchObject([{ reminder: 'days_7', due: '2027-11-22', daysLeft: 6 }]);
    expect(await tell(on.app)).toEqual(['days_7']);
    on.time.pass(10 * day);
    await on.app.sync();
    expect(await listed(on.app)).toMatchObject([{ reminder: 'due', lapsesOn: '2027-12-07', daysLeft: 11 }]);
  });

  test('is told as the server recorded it, also where this PC cannot say the time', async () => {
    const on = await activeStage();
    await on.app.counter.stop();
    const app = await on.startCounter({ clock: { now: () => new Date('2031-01-01T00:00:00.000Z') } });
    on.server.org.reminders = [{ kind: 'days_30', due: '2027-11-22', at: '2027-10-22T18:30:00.000Z' }];
    await app.sync();
    expect(app.counter.status().sync.clock).toBe('wrong');
    expect(await tell(app)).toEqual(['days_30']);
  });

  test('of a year that was renewed meanwhile is no news', async () => {
    const on = await dueIn(5);
    if (on.server.org.plan !== null) on.server.org.plan.nextDue = '2028-11-22';
    on.server.org.reminders = [{ kind: 'days_7', due: '2027-11-22', at: '2027-11-14T18:30:00.000Z' }];
    await on.app.sync();
    expect(await tell(on.app)).toEqual([]);
  });

  test('says that it renews by itself where it does', async () => {
    const on = await activeStage();
    on.server.tamper = (page) => {
      const { status } = page as { status: { subscription: object } };
      return { ...page, status: { ...status, subscription: { ...status.subscription, renewalMode: 'autopay' } } };
    };
    on.time.pass(335 * day);
    await on.app.sync();
    expect(await listed(on.app)).toMatchObject([{ reminder: 'days_30', autopay: true }]);
  });
});

describe('credits', () => {
  test('that run low and run out are told once, and again only after more came', async () => {
    const on = await activeStage();
    const spend = async (credits: number) => {
      on.server.org.append(-credits, 'spend');
      await on.app.sync();
      return tell(on.app);
    };
    expect(await spend(45_000)).toEqual([]);
    expect(await spend(1)).toEqual(['credits_low']);
    expect(await spend(1)).toEqual([]);
    expect(await spend(4_998)).toEqual(['credits_out']);
    on.server.org.append(50_000, 'topup');
    await on.app.sync();
    expect(await tell(on.app)).toEqual([]);
    expect(await spend(45_001)).toEqual(['credits_low']);
  });

  test.each([
    ['low first', [0, 4_000, 0, 4_000, 3_000], ['credits_low', 'credits_out']],
    ['out at once', [4_000, 0, 3_000, 4_000], ['credits_out']],
  ])('that are held for a moment and come free again are not told again: %s', async (_name, holds, expected) => {
    const on = await activeStage();
    on.server.org.append(-46_000, 'spend');
    const told: string[] = [];
    for (const held of holds) {
      on.server.org.held = held;
      await on.app.sync();
      told.push(...(await tell(on.app)));
    }
    expect(told).toEqual(expected);
  });

  test('are low below what the user chose, which is kept over a restart; 0 is never', async () => {
    const on = await activeStage();
    expect(on.app.counter.status().credits?.lowBelow).toBe(5_000);
    await on.app.call('settings.lowCredits', { below: 60_000 });
    expect(await listed(on.app)).toMatchObject([{ kind: 'credits_low', available: 50_000 }]);
    await on.app.counter.stop();
    const again = await on.startCounter();
    expect(again.counter.status().credits?.lowBelow).toBe(60_000);
    await again.call('settings.lowCredits', { below: 0 });
    expect(await listed(again)).toEqual([]);
  });

  test('of a pharmacy without a plan are no news', async () => {
    const on = await activeStage(false);
    expect(await tell(on.app)).toEqual([]);
  });
});

describe('a purchase', () => {
  test('is told when it fails, each time anew, and when it is paid', async () => {
    const on = await activeStage();
    const { id } = await on.app.queue('topup.50k', 250_000);
    const told: string[][] = [];
    for (const at of ['2026-11-22T09:40:00.000Z', null, '2026-11-22T09:50:00.000Z']) {
      await on.app.sync();
      if (at !== null) {
        on.server.org.change(id, { lastFailure: { code: 'declined', description: 'Your bank declined', at } });
      }
      await on.app.sync();
      told.push(await tell(on.app));
    }
    on.server.org.pay(id);
    await on.app.sync();
    told.push(await tell(on.app), await tell(on.app));
    expect(told).toEqual([['failed'], [], ['failed'], ['paid'], []]);
  });

  test('is told when its price needs a decision, and again when the price changes again', async () => {
    const on = await activeStage();
    on.server.org.prices['topup.50k'] = 275_000;
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect([await tell(on.app), await tell(on.app)]).toEqual([['decision'], []]);
    on.server.org.prices['topup.50k'] = 300_000;
    await on.app.call('purchases.confirmPrice', { id, amountPaise: 275_000 });
    await on.app.sync();
    expect(await tell(on.app)).toEqual(['decision']);
  });

  test('that another counter was first with, that expired, or that went back, is told', async () => {
    const on = await activeStage();
    on.server.org.create('pur_theirs', 'renewal.year', 1, 'dev_9', 'Back counter');
    await on.app.queue('renewal.year', 100_000);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await listed(on.app)).toMatchObject([{ kind: 'moved', purchase: { followsDevice: 'Back counter' } }]);
    expect(await tell(on.app)).toEqual(['moved']);
    on.server.org.change(id, { state: 'expired' });
    await on.app.sync();
    expect(await tell(on.app)).toEqual(['moved']);
  });

  test('of another counter is told when it is paid from now on, and not when that was before this counter came', async () => {
    const on = await stage();
    on.server.org.buyPlan();
    on.server.org.create('pur_before', 'topup.50k', 1, 'dev_9', 'Back counter');
    on.server.org.create('pur_after', 'topup.50k', 1, 'dev_9', 'Back counter');
    on.server.org.pay('pur_before');
    on.time.pass(60_000);
    const app = await on.startCounter();
    await app.call('session.signUp', pharmacy);
    await app.sync();
    expect(await tell(app)).toEqual([]);
    on.time.pass(60_000);
    on.server.org.pay('pur_after');
    await app.sync();
    expect(await listed(app)).toMatchObject([{ kind: 'paid', purchase: { id: 'pur_after' } }]);
  });
});

describe('what was told', () => {
  test('is not told again at the next start, and what came while the counter was closed is told then', async () => {
    const on = await dueIn(30);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await tell(on.app)).toEqual(['days_30']);
    await on.app.counter.stop();
    on.server.org.pay(id);
    const again = await on.startCounter();
    await again.sync();
    expect(await tell(again)).toEqual(['paid']);
    await again.counter.stop();
    const last = await on.startCounter();
    await last.sync();
    expect(await tell(last)).toEqual([]);
  });

  test('is told to the host once, in the words of whoever was first', async () => {
    const on = await dueIn(30);
    const heard: { title: string; body: string }[] = [];
    const stop = on.app.counter.onTold((words) => heard.push(words));
    const [notice] = await listed(on.app);
    const key = notice?.key ?? '';
    const both = [on.app.call('notices.tell', { key, title: 'A', body: 'a' })];
    both.push(on.app.call('notices.tell', { key, title: 'B', body: 'b' }));
    expect((await Promise.all(both)).map(({ first }) => first)).toEqual([true, false]);
    expect(heard).toEqual([{ title: 'A', body: 'a' }]);
    stop();
    on.time.pass(15 * day);
    await on.app.sync();
    expect(await tell(on.app)).toEqual(['days_15']);
    expect(heard).toHaveLength(1);
  });

  test('can only be what is so: a made-up notice is not told', async () => {
    const on = await activeStage();
    const heard: unknown[] = [];
    on.app.counter.onTold((words) => heard.push(words));
    expect(await on.app.call('notices.tell', { key: 'lapsed 2027-11-22', title: 'Lapsed', body: '' })).toEqual({
      first: false,
    });
    expect(heard).toEqual([]);
  });

  test('is told of a counter that was removed, once', async () => {
    const on = await activeStage();
    on.server.revoked.add('dev_1');
    await on.app.sync();
    expect([await tell(on.app), await tell(on.app)]).toEqual([['revoked'], []]);
  });

  test('is nothing before the counter is set up', async () => {
    const on = await stage();
    expect(await tell(await on.startCounter())).toEqual([]);
  });
});
