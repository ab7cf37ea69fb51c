// One byte of mirror.db is another: the counter starts, answers, is right after the next pull, and has not touched its outbox.
// BYTE_FLIPS=20000 tries more (`npm run test:bytes`), BYTE_SEED another choice of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  copyFolder,
  type Flip,
  type Flipped,
  fillMirror,
  flip,
  outboxOf,
  shownOf,
  sizeOf,
  tryFlip,
} from '../../fakes/byte-flips.ts';
import { activeStage, newestEntries, tempFolder } from '../../fakes/played-stage.ts';
import { playedRandom } from '../../fakes/played-time.ts';

const flips = Number(process.env.BYTE_FLIPS ?? 240);
const seed = Number(process.env.BYTE_SEED ?? 20_261_123);

/** The header of the file byte by byte, the first bytes of every page, and chance for the rest. */
function choose(folder: string, count: number): Flip[] {
  const random = playedRandom(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const size = sizeOf(join(folder, 'mirror.db'));
  const wal = sizeOf(join(folder, 'mirror.db-wal'));
  const masks = [1, 2, 4, 8, 16, 32, 64, 128, 255];
  const mask = () => masks[upTo(masks.length)] ?? 1;
  return Array.from({ length: count }, (_, number): Flip => {
    const share = number % 6;
    if (share === 0) return { file: 'mirror.db', at: upTo(100), mask: mask() };
    if (share === 1) return { file: 'mirror.db', at: upTo(size / 4096) * 4096 + upTo(16), mask: mask() };
    if (share === 2 && wal > 0) return { file: 'mirror.db-wal', at: upTo(wal), mask: mask() };
    return { file: 'mirror.db', at: upTo(size), mask: mask() };
  });
}

async function flipped(isJournalLeft: boolean, count: number): Promise<readonly Flipped[]> {
  const on = await activeStage();
  await fillMirror(on, 300);
  const folder = join(tempFolder(), 'counter');
  // A counter that was killed leaves its journal; one that ended well does not.
  if (isJournalLeft) copyFolder(on.dataDir, folder);
  const right: [string, string] = [await shownOf(on.app), outboxOf(on.dataDir)];
  await on.app.counter.stop();
  if (!isJournalLeft) copyFolder(on.dataDir, folder);
  const results: Flipped[] = [];
  for (const one of choose(folder, count)) results.push(await tryFlip(on, folder, one, right));
  return results;
}

test.each([
  ['of a counter that ended well', false],
  ['of a counter that was killed', true],
])('any byte of mirror.db or its journal, %s', { timeout: 20_000 + flips * 2_000 }, async (_name, isJournalLeft) => {
  const results = await flipped(isJournalLeft, Math.ceil(flips / 2));
  const slowest = (of: 'usableMs' | 'rightMs') => Math.round(Math.max(...results.map((one) => one[of])));
  console.log(
    `${results.length} bytes, seed ${seed}: usable in ${slowest('usableMs')} ms and right in ${slowest('rightMs')} ms at most`,
  );
  expect(results.filter(({ fault }) => fault !== null)).toEqual([]);
});

test('a page that goes bad while the counter runs: it begins anew by itself, and is right after the next pull', async () => {
  const on = await activeStage();
  await fillMirror(on, 300);
  const before = await shownOf(on.app);
  const path = join(on.dataDir, 'mirror.db');
  const file = new Database(path);
  file.pragma('wal_checkpoint(TRUNCATE)');
  const [{ rootpage = 0 } = {}] = file
    .prepare<[], { rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'")
    .all();
  flip(path, (rootpage - 1) * 4096, 255);
  // Another connection's write makes the counter read its pages from the file again.
  file.prepare('UPDATE opening SET times = times + 1').run();
  file.close();
  expect((await on.app.tryCall('ledger.window', newestEntries)).ok).toBe(true);
  await on.app.sync();
  expect(await shownOf(on.app)).toBe(before);
  expect(on.app.counter.incidents()).toContainEqual(expect.objectContaining({ what: 'begun_anew' }));
  expect(readFileSync(`${path}.damaged`).length).toBeGreaterThan(0);
});
