// The counter's files: kept over power cuts, refused when they are of the future, mended or salvaged when they are damaged.
import { fork } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { describe, expect, test } from 'vitest';
import { CannotStart } from '../../../main/cannot-start.ts';
import { openDatabase } from '../../../main/disk/open.ts';
import { ownFolder } from '../../../main/disk/owner.ts';
import { mirrorFile, openMirror } from '../../../main/mirror/open.ts';
import * as mirrorTables from '../../../main/mirror/schema.ts';
import { openOutbox, outboxFile } from '../../../main/outbox/open.ts';
import * as outboxTables from '../../../main/outbox/schema.ts';
import { activeStage, stage, tempFolder } from '../../fakes/played-stage.ts';

const silent = () => undefined;

/** The code with which opening is refused. */
function refusal(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (error instanceof CannotStart) return error.code;
    throw error;
  }
  return 'not refused';
}

describe('the files of a counter', () => {
  test.each([
    ['outbox', outboxFile, 'INSERT INTO setting VALUES (?, ?)'],
    ['mirror', mirrorFile, 'INSERT INTO purchase VALUES (?, ?, 3, -1)'],
  ] as const)('every commit to the %s waits for the disk, also on later opens', (name, kind, insert) => {
    const path = join(tempFolder(), `${name}.db`);
    for (const round of [1, 2]) {
      const sqlite = openDatabase(path, kind);
      sqlite.prepare(insert).run(`a${round}`, 'b');
      expect(sqlite.pragma('synchronous', { simple: true })).toBe(2);
      expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(sqlite.pragma('foreign_keys', { simple: true })).toBe(1);
      sqlite.close();
    }
  });

  test.each([
    ['outbox.db', openOutbox, outboxFile],
    ['mirror.db', openMirror, mirrorFile],
  ] as const)('%s of a newer app is refused in words and left as it is', (name, open, kind) => {
    const dataDir = tempFolder();
    open(dataDir, silent).sqlite.close();
    const newer = new Database(join(dataDir, name));
    newer.pragma('journal_mode = DELETE');
    newer.exec('CREATE TABLE of_a_newer_app (a TEXT) STRICT');
    newer.pragma(`user_version = ${kind.migrations.length + 1}`);
    newer.close();
    const before = readFileSync(join(dataDir, name));
    expect(refusal(() => open(dataDir, silent))).toBe('newer_data');
    expect(readFileSync(join(dataDir, name)).equals(before)).toBe(true);
  });

  test.each([
    ['outbox', outboxFile, outboxTables],
    ['mirror', mirrorFile, mirrorTables],
  ] as const)("the %s's migrations make the tables that the queries see", (_name, kind, tables) => {
    const sqlite = openDatabase(join(tempFolder(), 'x.db'), kind);
    for (const table of Object.values<SQLiteTable>(tables)) {
      const made = sqlite.pragma(`table_info(${getTableName(table)})`) as {
        name: string;
        type: string;
        notnull: number;
      }[];
      const seen = Object.values(getTableColumns(table));
      expect(made.map((column) => column.name)).toEqual(seen.map((column) => column.name));
      expect(made.map((column) => column.type.toLowerCase())).toEqual(seen.map((column) => column.getSQLType()));
      const key = (column: (typeof seen)[number]) => column.primary || column.notNull;
      expect(made.map((column, i) => column.notnull === 1 || seen[i]?.primary === true)).toEqual(seen.map(key));
    }
    expect(kind.migrations.map((step) => step.number)).toEqual(kind.migrations.map((_, i) => i + 1));
    sqlite.close();
  });

  test('before a file with data in it is changed, it is copied beside itself', () => {
    const path = join(tempFolder(), 'outbox.db');
    const first = openDatabase(path, outboxFile);
    first.exec("INSERT INTO setting VALUES ('kept', '1')");
    first.close();
    const number = outboxFile.migrations.length + 1;
    const next = { number, name: 'one more', sql: 'ALTER TABLE setting ADD COLUMN more TEXT' };
    openDatabase(path, { ...outboxFile, migrations: [...outboxFile.migrations, next] }).close();
    const copy = new Database(`${path}.before-${number}`, { readonly: true });
    expect(copy.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'kept', value: '1' }]);
    copy.close();
    expect(refusal(() => openDatabase(path, outboxFile))).toBe('newer_data');
  });

  test('a migration that fails leaves the file at the version before', () => {
    const path = join(tempFolder(), 'outbox.db');
    openDatabase(path, outboxFile).close();
    const number = outboxFile.migrations.length + 1;
    const bad = { number, name: 'bad', sql: 'CREATE TABLE half (a TEXT) STRICT; SELECT nothing FROM nowhere' };
    expect(() => openDatabase(path, { ...outboxFile, migrations: [...outboxFile.migrations, bad] })).toThrow();
    const sqlite = openDatabase(path, outboxFile);
    expect(sqlite.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()).toEqual({ n: 0 });
    sqlite.close();
  });

  test.each([
    ['is overwritten', (path: string) => writeFileSync(path, 'this is no database'.repeat(500))],
    ['lost its middle', (path: string) => scribble(path, 4096, 12_288)],
  ])('a mirror that %s is begun anew and pulled again, and the outbox is untouched', async (_name, damage) => {
    const on = await activeStage();
    on.server.fault('drop', '/api/billing/credits/topup');
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.counter.stop();
    const outbox = () => {
      const file = new Database(join(on.dataDir, 'outbox.db'), { readonly: true });
      const rows = [
        file.prepare('SELECT id, idempotency_key FROM item').all(),
        file.prepare('SELECT * FROM session').all(),
      ];
      file.close();
      return rows;
    };
    const before = outbox();
    damage(join(on.dataDir, 'mirror.db'));
    const again = await on.startCounter();
    expect(again.counter.status().session.state).toBe('active');
    const view = await again.sync();
    expect(view).toMatchObject({ credits: { balance: 50_000 }, sync: { connection: 'online' } });
    expect(existsSync(join(on.dataDir, 'mirror.db.damaged'))).toBe(true);
    expect(await again.purchase(id)).toMatchObject({ state: 'queued' });
    expect(outbox()).toEqual(before);
  });

  test('of a damaged outbox, what can be read is carried over, the file is kept, and the user is told', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api/billing/credits/topup');
    for (let i = 0; i < 40; i += 1) await on.app.queue('topup.50k', 250_000);
    await on.app.counter.stop();
    const file = new Database(join(on.dataDir, 'outbox.db'));
    file.pragma('journal_mode = DELETE');
    const page = file.prepare<[], { pageno: number }>("SELECT max(pageno) AS pageno FROM dbstat WHERE name = 'item'");
    let last = 0;
    try {
      last = page.get()?.pageno ?? 0;
    } catch {
      last = Number(file.pragma('page_count', { simple: true }));
    }
    file.close();
    scribble(join(on.dataDir, 'outbox.db'), (last - 1) * 4096, 4096);
    const again = await on.startCounter();
    expect(again.counter.status()).toMatchObject({
      session: { state: 'active' },
      sync: { problem: 'outbox_salvaged' },
    });
    expect(existsSync(join(on.dataDir, 'outbox.db.damaged'))).toBe(true);
    expect((await again.purchases()).length).toBeGreaterThan(0);
  });

  test('an outbox of which nothing can be read stops the start in words and is kept', () => {
    const dataDir = tempFolder();
    openOutbox(dataDir, silent).sqlite.close();
    writeFileSync(join(dataDir, 'outbox.db'), 'this is no database'.repeat(500));
    expect(refusal(() => openOutbox(dataDir, silent))).toBe('damaged_outbox');
  });

  test('an item that cannot be read any more is told and holds nothing up', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api/billing/credits/topup', 1);
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => !on.app.counter.status().sync.busy);
    await on.app.counter.stop();
    const file = new Database(join(on.dataDir, 'outbox.db'));
    file.prepare("UPDATE item SET state = 'of a newer app' WHERE id = ?").run(id);
    file.close();
    const again = await on.startCounter();
    const other = await again.queue('topup.50k', 250_000);
    await again.sync();
    expect(await again.purchase(other.id)).toMatchObject({ state: 'awaiting_payment' });
    expect(again.counter.status().sync.problem).toBe('outbox_unreadable');
  });
});

describe('one counter per folder', () => {
  test('a second counter on the same folder is refused in words, and can start when the first has stopped', async () => {
    const on = await stage();
    const first = await on.startCounter();
    await expect(on.startCounter()).rejects.toMatchObject({ code: 'in_use' });
    await first.counter.stop();
    await on.startCounter();
  });

  test('a refused start gives back what it had taken', () => {
    const dataDir = tempFolder();
    const release = ownFolder(dataDir);
    expect(refusal(() => ownFolder(dataDir))).toBe('in_use');
    release();
    ownFolder(dataDir)();
  });

  test('a counter that was killed leaves no lock behind', async () => {
    const dataDir = tempFolder();
    const script = join(dataDir, 'hold.mjs');
    const owner = join(import.meta.dirname, '../../../main/disk/owner.ts');
    writeFileSync(
      script,
      `import { ownFolder } from ${JSON.stringify(owner)}; ownFolder(${JSON.stringify(dataDir)});
       process.send('held'); setInterval(() => {}, 1000);`,
    );
    const child = fork(script, { stdio: 'inherit' });
    await new Promise((resolve) => child.once('message', resolve));
    expect(refusal(() => ownFolder(dataDir))).toBe('in_use');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    ownFolder(dataDir)();
  });
});

function scribble(path: string, from: number, length: number): void {
  writeSync(openSync(path, 'r+'), Buffer.alloc(length, 0xa5), 0, length, from);
}
