// Counters on bad lines: the first page over a slow one that loses packets, and another counter's entries where the event stream
// is muted. BENCH_SLOW_STARTS and BENCH_MUTED say how often.
import { setTimeout as pause } from 'node:timers/promises';
import type { Row, Section } from '../section.ts';
import { startCounter } from './counter.ts';
import { joinCode, type Pharmacy, spendOne } from './seed.ts';
import { openSlowLine } from './slow-line.ts';

const starts = Number(process.env.BENCH_SLOW_STARTS ?? 12);
const spends = Number(process.env.BENCH_MUTED ?? 6);

export interface BadLines {
  readonly program: string;
  readonly url: string;
  readonly pharmacy: Pharmacy;
}

export async function* badLines(on: BadLines): AsyncIterable<Section> {
  const slow = await slowSection(on);
  if (slow !== null) yield slow;
  yield await mutedSection(on);
}

const of = (list: readonly number[], share: number) =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
const row = (name: string, list: readonly number[]): Row => ({
  ...{ name, p50Ms: of(list, 0.5), p99Ms: of(list, 0.99) },
  perSecond: 1000 / of(list, 0.5),
});

async function slowSection({ program, url, pharmacy }: BadLines): Promise<Section | null> {
  const line = await openSlowLine(url);
  if (line === null) return null;
  const firsts = async (serverUrl: string, by: readonly string[]) => {
    const took: number[] = [];
    for (let at = 0; at < starts; at += 1) {
      const counter = await startCounter({ program, serverUrl, by });
      took.push(await counter.first(await joinCode(url, pharmacy)));
      await counter.stop();
    }
    return took;
  };
  try {
    const near = await firsts(url, []);
    const far = await firsts(line.serverUrl, line.by);
    const [slowest, lost] = [Math.max(...far), line.lost()];
    return {
      title: 'The first page over a bad line',
      how: `256 kbit/s each way, 5 of 100 packets lost each way (a network namespace with its own queue and filter); ${starts} new counters of the same pharmacy, from the answer to the join until the balance and the newest entries are on the screen.`,
      rows: [row('over the bad line', far), row('over the loopback', near)],
      ratios: [
        { name: 'the slowest of them, ms', value: slowest, bound: 'below 3,000', met: slowest < 3_000 && lost > 0 },
      ],
      notes: [`${lost} packets were lost on the way`],
    };
  } finally {
    await line.close();
  }
}

async function mutedSection({ program, url, pharmacy }: BadLines): Promise<Section> {
  const counter = await startCounter({ program, serverUrl: url, muted: true });
  await counter.first(await joinCode(url, pharmacy));
  const took: number[] = [];
  for (let at = 0; at < spends; at += 1) {
    const { seq, at: answered } = await spendOne(url, pharmacy, `bench-muted-${process.pid}-${at}`);
    took.push((await counter.sees(seq)) - answered);
    // Not always at the same moment between two looks.
    await pause((at * 3_700) % 11_000);
  }
  await counter.stop();
  const slowest = Math.max(...took);
  return {
    title: 'One entry on another counter, whose event stream is muted',
    how: `${spends} spends at different moments; the stream is open, and nothing that flows in it arrives.`,
    rows: [row('seen by looking', took)],
    ratios: [{ name: 'the slowest of them, ms', value: slowest, bound: 'below 30,000', met: slowest < 30_000 }],
  };
}
