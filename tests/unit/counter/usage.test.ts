// What credits were used for: sums of the mirror's rows by days in India, the same as from a walk over every entry.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HeldEntry, insertEntries } from '../../../main/mirror/entries.ts';
import { openMirror } from '../../../main/mirror/open.ts';
import { replaceRanges } from '../../../main/mirror/position.ts';
import { firstDay, readDaySums } from '../../../main/mirror/usage.ts';
import { rangeOf, usageOf } from '../../../main/usage/fold.ts';
import { usagePeriod, usageView } from '../../../shared/contract/usage-views.ts';
import { businessDate, daysBetween } from '../../../shared/plan/service-year.ts';
import { activeStage, seed, tempFolder } from '../../fakes/played-stage.ts';

const features = [null, 'ai.assist', 'ai.batch', 'a', 'b', 'c', 'd', 'e'];
const someEntry = fc.record({
  /** Minutes since the entry before. */
  later: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
  kind: fc.constantFrom('spend', 'spend', 'topup', 'reversal'),
  feature: fc.constantFrom(...features),
  size: fc.integer({ min: 1, max: 9_999 }),
});

function entriesOf(
  parts: readonly { later: number; kind: string; feature: string | null; size: number }[],
): HeldEntry[] {
  let at = Date.parse('2026-09-28T17:00:00.000Z');
  return parts.map(({ later, kind, feature, size }, index) => {
    at += later * 60_000;
    const createdAt = new Date(at).toISOString();
    return {
      seq: index + 1,
      delta: kind === 'topup' ? size : -size,
      balanceAfter: 0,
      kind,
      reference: null,
      idempotencyKey: null,
      actor: null,
      feature,
      occurredAt: createdAt,
      createdAt,
      hash: createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
      more: null,
    };
  });
}

describe('sums of days', () => {
  test('are those of a walk over all entries, whatever days are asked for', () => {
    const mirror = openMirror(tempFolder(), () => undefined);
    onTestFinished(() => void mirror.sqlite.close());
    const dates = fc.constantFrom('2026-09-27', '2026-09-28', '2026-09-29', '2026-10-01', '2026-10-15', '2027-01-01');
    fc.assert(
      fc.property(fc.array(someEntry, { maxLength: 60 }), dates, dates, (parts, from, to) => {
        const entries = entriesOf(parts);
        mirror.sqlite.exec('BEGIN');
        try {
          insertEntries(mirror, 'entry', entries);
          const sums = readDaySums(mirror, from, to);
          const day = (entry: HeldEntry) => businessDate(new Date(entry.createdAt));
          const within = entries.filter((entry) => from <= day(entry) && day(entry) <= to);
          const expected = new Map<string, number>();
          const name = (...of: unknown[]) => JSON.stringify(of);
          for (const entry of within) {
            const key = name(day(entry), entry.kind, entry.feature);
            expected.set(key, (expected.get(key) ?? 0) + entry.delta);
          }
          expect(new Map(sums.map((sum) => [name(sum.day, sum.kind, sum.feature), sum.sum]))).toEqual(expected);
          expect(sums).toHaveLength(expected.size);
          expect(firstDay(mirror)).toBe(entries[0] === undefined ? null : day(entries[0]));
        } finally {
          mirror.sqlite.exec('ROLLBACK');
        }
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('sums that were read before', () => {
  const whole = ['2026-09-01', '2026-12-31'] as const;
  const part = { later: 5, kind: 'spend', feature: 'a', size: 10 };
  function held(...sizes: number[]) {
    const mirror = openMirror(tempFolder(), () => undefined);
    onTestFinished(() => void mirror.sqlite.close());
    const entries = entriesOf(sizes.map((size) => ({ ...part, size })));
    insertEntries(mirror, 'entry', entries);
    const sum = () => readDaySums(mirror, ...whole).reduce((all, one) => all + one.sum, 0);
    return { mirror, entries, sum };
  }

  test('are read again when an entry comes', () => {
    const { mirror, sum } = held(10, 20);
    expect(sum()).toBe(-30);
    insertEntries(mirror, 'entry', entriesOf([part, part, { ...part, size: 5 }]).slice(2));
    expect(sum()).toBe(-35);
  });
  test('are read again when a row is put right in its place', () => {
    const { mirror, entries, sum } = held(10, 20);
    expect(sum()).toBe(-30);
    replaceRanges(mirror, [{ from: 1, to: 1 }], [{ ...(entries[0] as HeldEntry), delta: -99 }]);
    expect(sum()).toBe(-119);
  });
  test('are not read again while nothing has changed', () => {
    const { mirror, sum } = held(10, 20);
    expect(sum()).toBe(-30);
    expect(readDaySums(mirror, ...whole)).toBe(readDaySums(mirror, ...whole));
  });
});

describe('periods', () => {
  test.each([
    ['days_7', '2026-11-22', '2026-11-16'],
    ['days_30', '2026-11-22', '2026-10-24'],
    ['days_90', '2026-03-01', '2025-12-02'],
    ['months_12', '2026-11-22', '2025-12-01'],
    ['months_12', '2026-12-31', '2026-01-01'],
    ['months_12', '2028-02-29', '2027-03-01'],
  ] as const)('%s up to %s begin on %s', (period, today, from) => {
    expect(rangeOf(period, today)).toEqual({ from, to: today });
  });
});

describe('what is shown of the sums', () => {
  const sum = fc.record({
    day: fc.constantFrom('2026-11-16', '2026-11-19', '2026-11-22'),
    kind: fc.constantFrom('spend', 'topup', 'reversal'),
    feature: fc.constantFrom(...features),
    sum: fc.integer({ min: 1, max: 999 }),
  });
  test('every slice is all its parts and the rest, and slices and features add up to the same', () => {
    fc.assert(
      fc.property(fc.array(sum, { maxLength: 40 }), fc.constantFrom(...usagePeriod.options), (all, period) => {
        const signed = all.map((one) => ({ ...one, sum: one.kind === 'topup' ? one.sum : -one.sum }));
        const range = rangeOf(period, '2026-11-22');
        const view = usageView.parse(usageOf(period, range, signed, '2026-11-16'));
        const spends = signed.filter(({ kind }) => kind === 'spend');
        const total = spends.reduce((of, one) => of - one.sum, 0);
        expect(view.spent).toBe(total);
        expect(view.granted).toBe(signed.reduce((of, one) => of + one.sum, 0) + total);
        expect(view.features.reduce((of, { spent }) => of + spent, view.others)).toBe(total);
        view.slices.forEach(({ spent, parts }) => {
          expect(parts).toHaveLength(view.features.length);
          expect(parts.reduce((of, part) => of + part, 0)).toBeLessThanOrEqual(spent);
        });
        view.features.forEach(({ spent }, at) => {
          expect(view.slices.reduce((of, { parts }) => of + (parts[at] ?? 0), 0)).toBe(spent);
        });
        const slices = period === 'months_12' ? 12 : daysBetween(range.from, range.to) + 1;
        expect(new Set(view.slices.map(({ key }) => key)).size).toBe(slices);
        expect(view.slices).toHaveLength(slices);
      }),
      { seed, numRuns: 300 },
    );
  });
  test('the features that used most have names, the greatest first, and a tie goes by the alphabet', () => {
    const sums = features.map((feature, at) => ({
      day: '2026-11-20',
      kind: 'spend',
      feature,
      sum: at < 2 ? -50 : -at,
    }));
    const view = usageOf('days_7', rangeOf('days_7', '2026-11-22'), sums, null);
    expect(view.features.map(({ feature }) => feature)).toEqual([null, 'ai.assist', 'e', 'd', 'c', 'b']);
    expect(view.others).toBe(2 + 3);
  });
});

/** 4,000 credits a day were used for ten days, and then the network is gone. */
async function offlineAfterUse() {
  const on = await activeStage();
  for (let day = 0; day < 10; day += 1) {
    on.server.org.append(-4_000, 'spend', null, { feature: 'ai.assist' });
    on.time.pass(86_400_000);
  }
  // The days have also ended the waiting for an answer that was on its way; the second look is a new one.
  await on.app.sync();
  await on.app.sync();
  on.server.fault('drop', '');
  return on;
}

describe('on the counter', () => {
  test('use and forecast are there without a network, and say what was known', async () => {
    const on = await offlineAfterUse();
    const credits = (await on.app.call('overview.get', {})).credits;
    expect(credits?.forecast).toMatchObject({ kind: 'runs_out', perDay: 4_000 });
    const usage = await on.app.call('usage.get', { period: 'days_30' });
    expect(usage).toMatchObject({
      spent: 40_000,
      granted: 50_000,
      features: [{ feature: 'ai.assist', spent: 40_000 }],
    });
    expect(usage.slices).toHaveLength(30);
    expect(usage.slices.filter(({ spent }) => spent > 0)).toHaveLength(10);
  });

  test('a day that is over by now is no forecast, and is not taken for too little use', async () => {
    const on = await offlineAfterUse();
    const forecast = async () => (await on.app.call('overview.get', {})).credits?.forecast;
    const said = await forecast();
    if (said?.kind !== 'runs_out') throw new Error(`the forecast is ${said?.kind}`);
    const left = Date.parse(`${said.on}T12:00:00.000+05:30`) - on.time.clock.now().getTime();
    on.time.pass(left);
    expect(await forecast(), 'on that day').toEqual(said);
    on.time.pass(86_400_000);
    expect(await forecast(), 'on the day after').toEqual({ kind: 'outdated' });
  });
});
