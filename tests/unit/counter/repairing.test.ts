// Rows of the mirror that are missing or altered: found at the next pull, fetched again by themselves, and put in their places.
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { activeStage, type PlayedCounter, type Stage } from '../../fakes/played-stage.ts';

const feed = '/api/sync/feed';

/** A counter with 400 entries, purchases and documents, stopped. */
async function stopped(): Promise<Stage> {
  const on = await activeStage();
  for (let i = 0; i < 400; i += 1) on.server.org.append(i % 3 === 0 ? -1 : 2, 'adjustment', `slip ${i}`);
  for (let i = 0; i < 5; i += 1) on.server.org.create(`pur_o${i}`, 'topup.50k', 1, 'dev_9', 'Back counter');
  for (let i = 1; i <= 4; i += 1) on.server.documents.issue(`2026-11-0${i}`);
  await on.app.sync();
  await on.app.counter.stop();
  on.server.seen.length = 0;
  return on;
}

function alter(on: Stage, sql: string): void {
  const file = new Database(`${on.dataDir}/mirror.db`);
  file.exec(sql);
  file.close();
}

async function expectWhole(on: Stage, app: PlayedCounter): Promise<void> {
  const entries = await app.entries();
  expect([...entries].reverse()).toEqual(
    on.server.org.entries.map(({ idempotencyKey, createdAt, hash, ...rest }) => {
      expect([idempotencyKey, createdAt, hash]).toBeDefined();
      return rest;
    }),
  );
  const file = new Database(`${on.dataDir}/mirror.db`, { readonly: true });
  const created = file.prepare('SELECT created_at FROM entry ORDER BY seq').pluck().all();
  file.close();
  expect(created).toEqual(on.server.org.entries.map((entry) => entry.createdAt));
}

const afters = (on: Stage) => on.server.sent(feed).map(({ path }) => /after=(\d+)/.exec(path)?.[1]);

describe('rows that were missing or altered', () => {
  test.each([
    ['a row', 'UPDATE entry SET delta = delta + 1 WHERE seq = 200', ['199']],
    ['a row that is gone', 'DELETE FROM entry WHERE seq = 200', ['199']],
    ['a stretch that is gone', 'DELETE FROM entry WHERE seq BETWEEN 150 AND 160', ['149']],
    ['the first row', "UPDATE entry SET kind = 'spend' WHERE seq = 1", ['0']],
    ['a hash', "UPDATE entry SET hash = replace(hash, 'a', 'b') WHERE seq = 200", ['199']],
    ['what no hash covers', "UPDATE entry SET created_at = '2020-01-01T00:00:00.000Z' WHERE seq = 200", ['199']],
    ['rows that are far apart', 'DELETE FROM entry WHERE seq IN (20, 380)', ['19', '379']],
    ['rows that are close', 'DELETE FROM entry WHERE seq IN (20, 25, 30)', ['19']],
  ])('%s: only these are fetched again', async (_name, sql, asked) => {
    const on = await stopped();
    alter(on, sql);
    const app = await on.startCounter();
    await app.sync();
    expect(afters(on).filter((after) => after !== '401')).toEqual(asked);
    await expectWhole(on, app);
    expect(app.counter.status().sync.problem).toBeNull();
    expect(on.logged.some((line) => line.includes('put right'))).toBe(true);
    expect(app.counter.incidents()).toMatchObject([{ what: 'rows_repaired' }]);
  });

  test('the newest row: it is cut off, and the pull goes on from there', async () => {
    const on = await stopped();
    alter(on, 'UPDATE entry SET balance_after = 1 WHERE seq = 401');
    const app = await on.startCounter();
    await app.sync();
    expect(afters(on)).not.toContain('0');
    await expectWhole(on, app);
  });

  test('while the newest row is gone and the server cannot be reached, no freshness is claimed; the next contact mends it', async () => {
    const on = await stopped();
    alter(on, 'DELETE FROM entry WHERE seq = 401');
    on.server.fault('drop', feed);
    const app = await on.startCounter();
    expect(app.counter.status().sync).toMatchObject({ verifiedAt: null, ageSeconds: null });
    expect((await app.sync()).sync).toMatchObject({ verifiedAt: null, ageSeconds: null });
    on.server.heal();
    on.time.pass(60_000);
    const { sync, credits } = await app.sync();
    expect(sync.verifiedAt).not.toBeNull();
    expect(credits?.seq).toBe(401);
  });

  test.each([
    ['gone', 'DELETE FROM entry WHERE seq = 401'],
    ['all gone', 'DELETE FROM entry'],
    ['another', 'UPDATE entry SET balance_after = 1 WHERE seq = 401'],
  ])('while rows are %s, the credits shown are those that were checked last', async (_what, sql) => {
    const on = await stopped();
    const { seq, balanceAfter: balance } = on.server.org.entries.at(-1) ?? {};
    alter(on, sql);
    const app = await on.startCounter();
    expect(app.counter.status().credits).toMatchObject({ seq, balance, available: balance });
  });

  test('while another program alters the open file, the next pull finds it', async () => {
    const on = await stopped();
    const app = await on.startCounter();
    await app.sync();
    alter(on, 'UPDATE entry SET reference = NULL WHERE seq = 77; DELETE FROM purchase; DELETE FROM document');
    await app.sync();
    await expectWhole(on, app);
    expect(await app.purchases()).toHaveLength(5);
    expect((await app.call('documents.list', { financialYear: null, kind: null, limit: 50, offset: 0 })).total).toBe(4);
  });

  test('when the network breaks off, nothing is claimed and nothing replaced; the next contact mends it', async () => {
    const on = await stopped();
    alter(on, 'UPDATE entry SET delta = 9 WHERE seq IN (20, 380)');
    on.server.fault('drop', 'after=379');
    const app = await on.startCounter();
    const before = app.counter.status().sync.verifiedAt;
    on.time.pass(60_000);
    expect((await app.sync()).sync.verifiedAt).toBe(before);
    on.server.heal();
    const { sync } = await app.sync();
    expect(sync.verifiedAt).not.toBe(before);
    await expectWhole(on, app);
  });

  test('more than twenty requests are not made: then the whole ledger is pulled anew', async () => {
    const on = await activeStage();
    for (let i = 0; i < 9_000; i += 1) on.server.org.append(1);
    await on.app.sync();
    await on.app.counter.stop();
    on.server.seen.length = 0;
    alter(on, 'DELETE FROM entry WHERE seq % 400 = 7');
    const app = await on.startCounter();
    await app.sync();
    expect(afters(on)).toContain('0');
    expect(on.server.sent(feed).length).toBeLessThan(20);
    expect((await app.entries()).length).toBe(9_001);
    expect(app.counter.incidents()).toMatchObject([{ what: 'pulled_anew' }]);
  });

  test('a history that was rewritten so that it fits itself is still found, and pulled anew', async () => {
    const on = await stopped();
    const other = on.server.org.entries.map((entry) => ({ ...entry }));
    alter(on, 'DELETE FROM entry WHERE seq > 100');
    expect(other).toHaveLength(401);
    const app = await on.startCounter();
    await app.sync();
    await expectWhole(on, app);
  });

  test.each([
    ['a purchase', `UPDATE purchase SET body = replace(body, '"credits":50000', '"credits":90000')`],
    ['a document', `UPDATE document SET body = replace(body, 'Asha', 'Usha'), serial = 99 WHERE serial = 2`],
    ['the position', `UPDATE position SET status = replace(status, 'Asha', 'Usha'), org_id = 'org_x'`],
  ])('%s: listed again', async (_name, sql) => {
    const on = await stopped();
    const before = JSON.stringify(await seen(await on.startCounter(), on));
    alter(on, sql);
    const app = await on.startCounter();
    await app.sync();
    expect(JSON.stringify(await seen(app, on, false))).toBe(before);
  });

  test('nothing is read through again at a start where nobody has touched the file', async () => {
    const on = await stopped();
    const app = await on.startCounter();
    await app.sync();
    expect(app.counter.incidents()).toEqual([]);
    expect(afters(on).every((after) => after === '401')).toBe(true);
  });
});

async function seen(app: PlayedCounter, on: Stage, stop = true) {
  await app.sync();
  const { session, credits, prices } = app.counter.status();
  const list = { financialYear: null, kind: null, limit: 50, offset: 0 };
  const documents = (await app.call('documents.list', list)).items.map(({ pdfHeld, ...rest }) => [rest, pdfHeld][0]);
  const all = { session, credits, prices, purchases: await app.purchases(), documents };
  if (stop) await app.counter.stop();
  expect(on.server.org.purchases.size).toBe(5);
  return all;
}
