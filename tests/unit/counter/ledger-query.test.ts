// Looking for things in the ledger: whatever is asked and however the table grows meanwhile, the rows are those that a plain
// walk over all entries finds, and a row keeps its number.
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HeldEntry, insertEntries } from '../../../main/mirror/entries.ts';
import { createLedgerIndex, readFound } from '../../../main/mirror/ledger-query.ts';
import { type Mirror, openMirror } from '../../../main/mirror/open.ts';
import { clearMirror } from '../../../main/mirror/position.ts';
import type { LedgerFilter } from '../../../shared/contract/ledger-views.ts';
import { wholeLedger } from '../../../shared/contract/whole-ledger.ts';
import { businessDate } from '../../../shared/plan/service-year.ts';
import { activeStage, seed, tempFolder } from '../../fakes/played-stage.ts';

function emptyMirror(): Mirror {
  const mirror = openMirror(tempFolder(), () => undefined);
  onTestFinished(() => void mirror.sqlite.close());
  return mirror;
}

const kinds = ['spend', 'topup', 'monthly_grant', 'goodwill'];
const features = ['ai.assist', 'ai.batch', 'ocr_prescription', '100%'];
const references = ['bill 41', 'Bill 42', 'a%b', 'a_b', '=SUM(A1)', 'दवा', '7'];
const actors = ['dev_front', 'dev_back', 'system'];
/** Around two midnights in India. */
const instants = ['18:29:59.999', '18:30:00.000', '04:00:00.000'].flatMap((time) =>
  ['2026-11-20', '2026-11-21'].map((day) => `${day}T${time}Z`),
);
const orNull = (from: readonly string[]) => fc.option(fc.constantFrom(...from), { nil: null });

const someEntry = fc.record({
  kind: fc.constantFrom(...kinds),
  feature: orNull(features),
  reference: orNull(references),
  actor: orNull(actors),
  occurredAt: fc.constantFrom(...instants),
});
const someFilter: fc.Arbitrary<LedgerFilter> = fc.record({
  kind: orNull(kinds),
  feature: orNull(features),
  actor: orNull(actors),
  from: orNull(['2026-11-20', '2026-11-21', '2026-11-22']),
  to: orNull(['2026-11-20', '2026-11-21', '9999-12-31']),
  text: fc.constantFrom('', ' ', 'bill', '%', '_', 'a_b', 'दवा', '7', 'No. 3', '#2', '=', 'ASSIST'),
  named: fc.constantFrom([], ['ai.batch']),
});
const mostlyOpen = fc.oneof(
  fc.constant(wholeLedger),
  someFilter,
  someFilter.map((filter) => ({ ...wholeLedger, text: filter.text })),
);

const made = (
  parts: Pick<HeldEntry, 'kind' | 'feature' | 'reference' | 'actor' | 'occurredAt'>,
  seq: number,
): HeldEntry => ({
  ...parts,
  seq,
  delta: 1,
  balanceAfter: seq,
  idempotencyKey: null,
  createdAt: parts.occurredAt,
  hash: `${seq}`.padStart(64, '0'),
  more: null,
});

/** The rule in plain words, row by row. */
function fits(entry: HeldEntry, filter: LedgerFilter): boolean {
  const day = businessDate(new Date(entry.occurredAt));
  const text = filter.text.trim();
  const holds = (value: string | null) => value?.toLowerCase().includes(text.toLowerCase()) ?? false;
  const number = /^(?:No\. |#)?(\d+)$/.exec(text)?.[1];
  return (
    (filter.kind ?? entry.kind) === entry.kind &&
    (filter.feature ?? entry.feature) === entry.feature &&
    (filter.actor ?? entry.actor) === entry.actor &&
    (filter.from ?? day) <= day &&
    (filter.to ?? day) >= day &&
    (text === '' ||
      holds(entry.reference) ||
      holds(entry.feature) ||
      Number(number) === entry.seq ||
      filter.named.some((name) => name === entry.feature))
  );
}

describe('what fits a filter', () => {
  test('is what a plain walk finds, in every window, while the ledger grows', () => {
    const grown = fc.record({
      filter: mostlyOpen,
      pieces: fc.array(fc.array(someEntry, { maxLength: 12 }), { maxLength: 4 }),
    });
    const mirror = emptyMirror();
    fc.assert(
      fc.property(grown, fc.nat(20), fc.integer({ min: 1, max: 9 }), ({ filter, pieces }, skip, count) => {
        // Nothing of one try is left for the next, and the disk has nothing to do.
        mirror.sqlite.exec('BEGIN');
        try {
          const index = createLedgerIndex(mirror);
          const all: HeldEntry[] = [];
          for (const piece of pieces) {
            const entries = piece.map((parts, at) => made(parts, all.length + at + 1));
            insertEntries(mirror, 'entry', entries);
            all.push(...entries);
            const expected = all.filter((entry) => fits(entry, filter));
            const found = index.find(filter);
            expect(found.seqs).toEqual(expected.map(({ seq }) => seq));
            expect(readFound(mirror, found, skip + 1, count)).toMatchObject(expected.slice(skip, skip + count));
          }
        } finally {
          mirror.sqlite.exec('ROLLBACK');
        }
      }),
      { seed, numRuns: 400 },
    );
  });

  test('is looked for anew where the ledger was put in place of another', () => {
    const mirror = emptyMirror();
    const index = createLedgerIndex(mirror);
    const parts = { feature: null, reference: null, actor: 'dev_front', occurredAt: '2026-11-20T04:00:00.000Z' };
    insertEntries(
      mirror,
      'entry',
      [1, 2, 3].map((seq) => made({ ...parts, kind: 'spend' }, seq)),
    );
    const filter = { ...wholeLedger, kind: 'spend' };
    expect(index.find(filter).seqs).toEqual([1, 2, 3]);
    expect(index.words().kinds).toEqual(['spend']);
    clearMirror(mirror);
    const others = [1, 2, 3].map((seq) => ({
      ...made({ ...parts, kind: seq === 2 ? 'spend' : 'topup' }, seq),
      hash: 'f'.repeat(64),
    }));
    insertEntries(mirror, 'entry', others);
    expect(index.find(filter).seqs).toEqual([2]);
    expect(index.words().kinds).toEqual(['spend', 'topup']);
  });

  test('has older entries too as soon as they are here, where a ledger was fetched from its newest end on', () => {
    const mirror = emptyMirror();
    const index = createLedgerIndex(mirror);
    const parts = { feature: null, reference: null, actor: 'dev_front', occurredAt: '2026-11-20T04:00:00.000Z' };
    const all = [1, 2, 3, 4].map((seq) => made({ ...parts, kind: seq === 1 ? 'topup' : 'spend' }, seq));
    insertEntries(mirror, 'entry', all.slice(2));
    expect(index.find(wholeLedger).seqs).toEqual([3, 4]);
    expect(index.words().kinds).toEqual(['spend']);
    insertEntries(mirror, 'entry', all.slice(0, 2));
    expect(index.find(wholeLedger).seqs).toEqual([1, 2, 3, 4]);
    expect(index.words().kinds).toEqual(['spend', 'topup']);
  });

  test('is found again after many other questions were asked', () => {
    const mirror = emptyMirror();
    const index = createLedgerIndex(mirror);
    const parts = { kind: 'spend', feature: null, actor: null, occurredAt: '2026-11-20T04:00:00.000Z' };
    insertEntries(
      mirror,
      'entry',
      [1, 2].map((seq) => made({ ...parts, reference: `bill ${seq}` }, seq)),
    );
    for (let round = 0; round < 2; round += 1) {
      for (let bill = 1; bill <= 20; bill += 1) {
        expect(index.find({ ...wholeLedger, text: `bill ${bill}` }).seqs).toEqual(bill <= 2 ? [bill] : []);
      }
    }
  });
});

describe('the ledger over the bridge', () => {
  const ask = (filter = wholeLedger) => ({ filter, first: null, count: 200 });

  test('answers the newest rows first asked for, and any row by its number', async () => {
    const { app, server } = await activeStage();
    for (let i = 0; i < 9; i += 1) server.org.append(-1, 'spend', `bill ${i}`);
    await app.sync();
    const newest = await app.call('ledger.window', { filter: wholeLedger, first: null, count: 3 });
    expect(newest).toMatchObject({ first: 8, total: 10, held: 10 });
    expect(newest.entries.map(({ reference }) => reference)).toEqual(['bill 6', 'bill 7', 'bill 8']);
    const bills = { ...wholeLedger, text: 'bill' };
    const second = await app.call('ledger.window', { filter: bills, first: 2, count: 2 });
    expect(second).toMatchObject({ first: 2, total: 9, held: 10 });
    expect(second.entries.map(({ reference }) => reference)).toEqual(['bill 1', 'bill 2']);
    server.org.append(-1, 'spend', 'bill 9');
    await app.sync();
    const again = await app.call('ledger.window', { filter: bills, first: 2, count: 2 });
    expect(again.entries).toEqual(second.entries);
    expect(again.total).toBe(10);
  });

  // The newest row stays as it is, and so does the number of rows: nothing but the repair itself says that one is another.
  test.each([
    ['altered', "UPDATE entry SET reference = 'bill 77', kind = 'rotten' WHERE seq = 5"],
    ['taken out', 'DELETE FROM entry WHERE seq = 5'],
    ['no entry any more', 'UPDATE entry SET balance_after = -5 WHERE seq = 5'],
  ])('finds a row again that was %s on the disk and put right in its place', async (_how, sql) => {
    const on = await activeStage();
    for (let i = 0; i < 9; i += 1) on.server.org.append(-1, 'spend', `bill ${i}`);
    await on.app.sync();
    const [bill3, bills] = [ask({ ...wholeLedger, text: 'bill 3' }), ask({ ...wholeLedger, text: 'bill' })];
    const before = await on.app.call('ledger.window', bills);
    const file = new Database(`${on.dataDir}/mirror.db`);
    file.exec(sql);
    file.close();
    // What is held now is shown as it is held, and what is no entry is left out; none of it is refused.
    const broken = await on.app.call('ledger.window', bills);
    expect(broken).toMatchObject({ total: broken.entries.length });
    expect((await on.app.call('ledger.window', bill3)).total).toBe(0);
    await on.app.call('ledger.choices', {});
    expect((await on.app.sync()).sync.problem).toBeNull();
    expect(await on.app.call('ledger.window', bills)).toEqual(before);
    expect((await on.app.call('ledger.window', bill3)).entries).toMatchObject([{ seq: 5, reference: 'bill 3' }]);
    expect((await on.app.call('ledger.choices', {})).kinds).toEqual(['monthly_grant', 'spend']);
  });

  test('an empty ledger and a row beyond the end are answered with no rows', async () => {
    const { app } = await activeStage(false);
    expect(await app.call('ledger.window', ask())).toEqual({ entries: [], first: 1, total: 0, held: 0 });
    expect((await app.call('ledger.window', { ...ask(), first: 700 })).entries).toEqual([]);
    expect(await app.call('ledger.choices', {})).toEqual({ kinds: [], features: [], actors: [] });
  });

  test('names counters that the server named once, also without a network and after a start', async () => {
    const on = await activeStage();
    const own = (await on.app.call('overview.get', {})).session.deviceId ?? '';
    on.server.org.append(-5, 'spend', 'bill 1', { actor: 'dev_of_old' });
    on.server.org.append(-5, 'spend', 'bill 2', { actor: own });
    await on.app.sync();
    const actors = async () => (await on.app.call('ledger.choices', {})).actors;
    expect(await actors()).toEqual(
      [
        { actor: own, name: 'Counter 1' },
        { actor: 'dev_of_old', name: null },
        { actor: 'system', name: null },
      ].sort((a, b) => (a.actor < b.actor ? -1 : 1)),
    );
  });

  test('is written to a file: what fits and nothing else, newest first, and nothing in it is a formula', async () => {
    const on = await activeStage();
    on.server.org.append(-5, 'spend', '=HYPERLINK("http://x")', { feature: '+ai' });
    on.server.org.append(-7, 'spend', 'plain, with a comma');
    on.server.org.append(100, 'topup', 'pur_1');
    await on.app.sync();
    const spends = { ...wholeLedger, kind: 'spend', from: '2020-01-01' };
    const told = await on.app.call('ledger.export', { filter: spends });
    expect(told).toEqual({ file: { kind: 'saved' }, rows: 2 });
    const file = on.files.handed[0];
    expect(file?.name).toBe('credits-from-2020-01-01.csv');
    const lines = Buffer.from(file?.bytes ?? [])
      .toString('utf8')
      .split('\r\n');
    expect(lines[0]).toBe('\uFEFFNumber,Date,Time,Kind,Feature,Reference,Counter,Credits,Balance after,More');
    expect(lines[1]).toMatch(/^3,\d{4}-\d\d-\d\d,\d\d:\d\d:\d\d,spend,,"plain, with a comma",system,-7,49988,$/);
    expect(lines[2]).toContain(`,spend,'+ai,"'=HYPERLINK(""http://x"")",system,-5,49995`);
    expect(lines).toHaveLength(4);
  });

  test('a long export has every row once, over all pieces', async () => {
    const on = await activeStage();
    on.server.pageSize = 5000;
    for (let i = 0; i < 4_100; i += 1) on.server.org.append(-1, 'spend', `bill ${i}`);
    await on.app.sync();
    expect((await on.app.call('ledger.export', { filter: wholeLedger })).rows).toBe(4_101);
    const lines = Buffer.from(on.files.handed[0]?.bytes ?? [])
      .toString('utf8')
      .trimEnd()
      .split('\r\n')
      .slice(1);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
      Array.from({ length: 4_101 }, (_, at) => 4_101 - at),
    );
  });
});
