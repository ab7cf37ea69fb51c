// The mirror follows the ledger, and never claims what it has not checked.

import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { activeStage } from '../../fakes/played-stage.ts';

const feed = '/api/sync/feed';

describe('pulling', () => {
  test('pages are followed to the head, and all entries are there in order', async () => {
    const on = await activeStage();
    on.server.pageSize = 7;
    for (let i = 0; i < 30; i += 1) on.server.org.append(i + 1);
    await on.app.sync();
    const entries = await on.app.entries();
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 31 }, (_, i) => 31 - i));
    expect(on.app.counter.status().credits).toEqual({
      balance: 50_465,
      held: 0,
      available: 50_465,
      seq: 31,
      lowBelow: 5_000,
      month: '2026-11',
      usedThisMonth: 0,
      forecast: { kind: 'unknown' },
    });
  });

  test('an interrupted pull goes on where it stopped, and is not called verified before the head', async () => {
    const on = await activeStage();
    const { verifiedAt } = on.app.counter.status().sync;
    on.server.pageSize = 10;
    for (let i = 0; i < 25; i += 1) on.server.org.append(1);
    on.server.fault('drop', 'after=21');
    on.time.pass(60_000);
    await on.app.sync();
    expect(on.app.counter.status().sync).toMatchObject({ connection: 'offline', verifiedAt });
    on.server.heal();
    const before = on.server.sent(feed).length;
    await on.app.sync();
    expect(on.server.sent(feed)[before]?.path).toContain('after=21');
    expect(on.app.counter.status().sync.verifiedAt).not.toBe(verifiedAt);
  });

  test('the age of the data counts from the last checked pull, not from the last try', async () => {
    const on = await activeStage();
    on.server.fault('drop', feed);
    on.time.pass(100_000);
    await on.app.sync();
    expect(on.app.counter.status().sync).toMatchObject({ ageSeconds: 100, connection: 'offline' });
  });

  test.each(['portal', 'redirect', 'proxy', 'half'] as const)('a "%s" answer never counts as synced', async (fault) => {
    const on = await activeStage();
    const { verifiedAt } = on.app.counter.status().sync;
    on.server.fault(fault, '/api');
    on.time.pass(1_000);
    await on.app.sync();
    expect(on.app.counter.status().sync).toMatchObject({ connection: 'offline', verifiedAt });
    expect(on.app.counter.status().session.state).toBe('active');
  });

  test.each([
    ['a changed amount', { delta: 1_000_000 }],
    ['a changed sum', { balanceAfter: 1_000_000 }],
    ['a changed hash', { hash: 'f'.repeat(64) }],
    ['a changed reference', { reference: 'somebody else' }],
  ])('%s on the way is refused, told, and not shown', async (_name, change) => {
    const on = await activeStage();
    on.server.org.append(5);
    on.server.tamper = (page) => ({
      ...page,
      entries: (page.entries as object[]).map((entry, i, all) =>
        i === all.length - 1 ? { ...entry, ...change } : entry,
      ),
    });
    const { verifiedAt } = on.app.counter.status().sync;
    on.time.pass(1_000);
    const view = await on.app.sync();
    expect(view.sync).toMatchObject({ problem: 'ledger_mismatch', verifiedAt });
    expect(view.credits).toMatchObject({ balance: 50_000, seq: 1 });
  });

  test('a fault that stays is pulled anew once, not at every look, and heals when the server does', async () => {
    const on = await activeStage();
    on.server.org.append(5);
    on.server.tamper = (page) => ({ ...page, head: { ...(page.head as object), hash: 'e'.repeat(64) } });
    await on.app.sync();
    await on.app.sync();
    await on.app.sync();
    expect(on.server.sent('after=0').length).toBe(2);
    on.server.tamper = (page) => page;
    expect((await on.app.sync()).sync.problem).toBeNull();
  });

  test('while the ledger does not fit, purchases are still sent', async () => {
    const on = await activeStage();
    on.server.tamper = (page) => ({ ...page, head: { ...(page.head as object), hash: 'e'.repeat(64) } });
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
  });

  test.each([
    ['a row was changed', 'UPDATE entry SET delta = delta + 1 WHERE seq = 3'],
    ['a row is gone', 'DELETE FROM entry WHERE seq = 3'],
    ['the last rows are gone', 'DELETE FROM entry WHERE seq > 3'],
    ['a reference was changed', "UPDATE entry SET reference = 'x' WHERE seq = 2"],
  ])(
    '%s in the file: found at the next start and put right, whatever the server says of its head',
    async (_name, sql) => {
      const on = await activeStage();
      for (let i = 0; i < 9; i += 1) on.server.org.append(10);
      await on.app.sync();
      await on.app.counter.stop();
      const file = new Database(`${on.dataDir}/mirror.db`);
      file.exec(sql);
      file.close();
      const again = await on.startCounter();
      const view = await again.sync();
      expect(view.sync.problem).toBeNull();
      const entries = await again.entries();
      expect([...entries].reverse()).toEqual(on.server.org.entries.map(shown));
    },
  );

  test('while a whole new copy is pulled, and when that breaks off, the old one stays readable', async () => {
    const on = await activeStage();
    for (let i = 0; i < 9; i += 1) on.server.org.append(10);
    await on.app.sync();
    await on.app.counter.stop();
    const file = new Database(`${on.dataDir}/mirror.db`);
    file.exec('UPDATE entry SET delta = delta + 1 WHERE seq = 3');
    file.close();
    on.server.pageSize = 4;
    on.server.fault('drop', 'after=4');
    const again = await on.startCounter();
    await again.sync();
    expect(await again.entries()).toHaveLength(10);
    on.server.heal();
    expect((await again.sync()).sync.problem).toBeNull();
    const entries = await again.entries();
    expect([...entries].reverse()).toEqual(on.server.org.entries.map(shown));
  });

  test('a ledger that got shorter at the server is told', async () => {
    const on = await activeStage();
    on.server.org.append(5);
    await on.app.sync();
    on.server.org.entries.pop();
    on.server.tamper = (page) => page;
    // From the start it fits again, so the mirror takes the server's word: the server is the one writer.
    const view = await on.app.sync();
    expect(view.credits).toMatchObject({ balance: 50_000, seq: 1 });
    expect(on.logged.some((line) => line.includes('pulled anew'))).toBe(true);
  });

  test('kinds of a newer server are kept and shown as they are', async () => {
    const on = await activeStage();
    on.server.org.append(5, 'festival_gift');
    await on.app.sync();
    const entries = await on.app.entries();
    expect(entries[0]).toMatchObject({ kind: 'festival_gift', delta: 5 });
  });

  test('purchases of all counters are read to the last page', async () => {
    const on = await activeStage();
    for (let i = 0; i < 7; i += 1) on.server.org.create(`pur_other${i}`, 'topup.50k', 1, 'dev_9', 'Back counter');
    await on.app.sync();
    expect(await on.app.purchases()).toHaveLength(7);
  });
});

function shown(entry: Record<string, unknown>) {
  const { idempotencyKey, createdAt, hash, ...rest } = entry;
  expect([idempotencyKey, createdAt, hash]).toBeDefined();
  return rest;
}
