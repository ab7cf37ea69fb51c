// A counter that is new, or far behind: the newest entries first, the past behind them, and nothing claimed that is not here.
import { describe, expect, test } from 'vitest';
import { activeStage, type PlayedCounter, pharmacy, type Stage, stage } from '../../fakes/played-stage.ts';

const feed = '/api/sync/feed';

/** A counter that is nobody yet, of a pharmacy with `count` entries. */
async function longLedger(count: number): Promise<Stage & { readonly app: PlayedCounter }> {
  const on = await stage();
  on.server.org.buyPlan();
  for (let i = 1; i < count; i += 1) on.server.org.append(i % 4 === 0 ? -3 : 2, 'adjustment', `slip ${i}`);
  const app = await on.startCounter();
  return { ...on, app };
}

const all = async (app: PlayedCounter): Promise<number[]> => (await app.entries()).map(({ seq }) => seq);
const from = (high: number, low: number) => Array.from({ length: high - low + 1 }, (_, at) => high - at);
const isWhole = (app: PlayedCounter) => () => app.counter.status().sync.older === null;

describe('a counter that is new', () => {
  test('shows the balance and the newest entries after the first page, and says what is still to come', async () => {
    const on = await longLedger(2_000);
    on.server.fault('drop', (seen) => seen.path.includes(feed) && !seen.path.includes('snapshot=1'));
    await on.app.call('session.signUp', pharmacy);
    await on.app.until(() => on.app.counter.status().sync.verifiedAt !== null);
    expect(on.app.counter.status()).toMatchObject({
      credits: { seq: 2_000, balance: on.server.org.head().balance },
      sync: { older: { held: 500, total: 2_000 } },
    });
    expect(await all(on.app)).toEqual(from(2_000, 1_501));
    const filter = { text: '', named: [], kind: null, feature: null, actor: null, from: null, to: null };
    const found = await on.app.call('ledger.window', { filter, first: null, count: 10 });
    expect(found).toMatchObject({ total: 500, held: 500 });
  });

  test('fetches the past behind it until all entries are there', async () => {
    const on = await longLedger(7_000);
    on.server.pageSize = 5_000;
    await on.app.call('session.signUp', pharmacy);
    await on.app.until(() => on.app.counter.status().credits?.seq === 7_000 && isWhole(on.app)());
    expect(await all(on.app)).toEqual(from(7_000, 1));
    expect(on.server.sent(feed).length).toBeLessThan(8);
  });

  test('goes on after a restart where it stood, and takes no page twice', async () => {
    const on = await longLedger(12_000);
    on.server.pageSize = 1_000;
    on.server.fault('drop', 'after=6000');
    await on.app.call('session.signUp', pharmacy);
    await on.app.until(() => on.server.sent('after=6000').length > 0);
    await on.app.counter.stop();
    on.server.heal();
    on.server.seen.length = 0;
    const again = await on.startCounter();
    await again.sync();
    await again.until(isWhole(again));
    expect(await all(again)).toEqual(from(12_000, 1));
    const asked = on.server.sent(feed).map(({ path }) => Number(/after=(\d+)/.exec(path)?.[1]));
    expect(Math.min(...asked)).toBe(6_000);
  });

  test('takes new entries and purchases while the past is on its way', async () => {
    const on = await longLedger(9_000);
    on.server.fault('drop', 'after=5000');
    await on.app.call('session.signUp', pharmacy);
    await on.app.until(() => on.server.sent('after=5000').length > 0);
    on.server.org.append(77);
    expect((await on.app.sync()).credits).toMatchObject({ seq: 9_001 });
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
    on.server.heal();
    await on.app.sync();
    await on.app.until(isWhole(on.app));
    expect(await all(on.app)).toEqual(from(9_001, 1));
  });

  test('of which a page of the past is not what the newest entries stand on: nothing of it stays, and it is told', async () => {
    const on = await longLedger(3_000);
    on.server.tamper = (page) => ({
      ...page,
      entries: (page.entries as { seq: number }[]).map((one) => (one.seq === 700 ? { ...one, delta: 5 } : one)),
    });
    await on.app.call('session.signUp', pharmacy);
    await on.app.until(() => on.app.counter.status().sync.problem === 'ledger_mismatch');
    on.server.tamper = (page) => page;
    await on.app.sync();
    await on.app.until(isWhole(on.app));
    expect(on.app.counter.status().sync.problem).toBeNull();
    expect(await all(on.app)).toEqual(from(3_000, 1));
  });
});

describe('a counter that is far behind', () => {
  // 25,000 entries are hashed by the played server and again by the counter.
  test('takes the newest entries first as well, keeps what it has, and fetches only what is between', {
    timeout: 60_000,
  }, async () => {
    const on = await activeStage();
    for (let i = 0; i < 25_000; i += 1) on.server.org.append(1);
    on.server.seen.length = 0;
    await on.app.sync();
    expect(on.app.counter.status().credits).toMatchObject({ seq: 25_001, balance: 75_000 });
    await on.app.until(isWhole(on.app));
    expect((await all(on.app)).slice(-4)).toEqual([4, 3, 2, 1]);
    const pages = on.server.sent(feed).filter(({ path }) => path.includes('after=0&') && !path.includes('snapshot=1'));
    expect(pages).toEqual([]);
  });
});

test('a short ledger is taken as it is, with one request', async () => {
  const on = await longLedger(500);
  await on.app.call('session.signUp', pharmacy);
  await on.app.until(() => on.app.counter.status().credits?.seq === 500 && !on.app.counter.status().sync.busy);
  expect(on.server.sent(feed)).toHaveLength(1);
  expect(on.app.counter.status().sync.older).toBeNull();
});
