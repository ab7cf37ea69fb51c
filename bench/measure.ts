// Runs one way of doing something with a number of callers for a time, and says how fast it was and what it cost.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Row } from './section.ts';

export interface Load {
  readonly name: string;
  readonly inFlight: number;
  readonly seconds: number;
  readonly work: (caller: number) => Promise<void>;
  /** Process id of PostgreSQL's postmaster, to read its CPU time where the system shows it. */
  readonly postmaster?: number;
}

export async function measure({ name, inFlight, seconds, work, postmaster }: Load): Promise<Row> {
  const latencies: number[] = [];
  const cpuBefore = process.cpuUsage();
  const postgresBefore = postgresTicks(postmaster ?? 0);
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const caller = async (at: number) => {
    for (let now = performance.now(); now < end; ) {
      await work(at);
      const after = performance.now();
      latencies.push(after - now);
      now = after;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, at) => caller(at)));
  const took = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const postgresSeconds = secondsBetween(postgresBefore, postgresTicks(postmaster ?? 0));
  return {
    name,
    perSecond: latencies.length / took,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    nodeCpu: (cpu.user + cpu.system) / 1e6 / took,
    rssMb: process.memoryUsage().rss / 1_048_576,
    ...(postgresBefore.size === 0 ? {} : { postgresCpu: postgresSeconds / took }),
  };
}

/** Runs `work` and says what CPU another process and a postmaster's processes used meanwhile, and what memory the first has. */
export async function costOf<T>(
  pid: number,
  postmaster: number,
  work: () => Promise<T>,
): Promise<{ result: T; cost: Pick<Row, 'nodeCpu' | 'postgresCpu' | 'rssMb'> }> {
  const [before, postgresBefore, begun] = [ticksOf(pid), postgresTicks(postmaster), performance.now()];
  const result = await work();
  const took = (performance.now() - begun) / 1000;
  if (postgresBefore.size === 0) return { result, cost: {} };
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  const cost = {
    nodeCpu: (ticksOf(pid) - before) / 100 / took,
    postgresCpu: secondsBetween(postgresBefore, postgresTicks(postmaster)) / took,
    rssMb: (pages * 4096) / 1_048_576,
  };
  return { result, cost };
}

function ticksOf(pid: number): number {
  const fields = statFields(String(pid));
  return fields === null ? 0 : Number(fields[11]) + Number(fields[12]);
}

/** CPU ticks of the postmaster and of each process of it that lives now; empty where /proc is not there. */
function postgresTicks(postmaster: number): Map<string, number> {
  const ticks = new Map<string, number>();
  if (!existsSync('/proc/self/stat')) return ticks;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statFields(entry);
    if (fields === null || (Number(entry) !== postmaster && Number(fields[1]) !== postmaster)) continue;
    ticks.set(entry, Number(fields[11]) + Number(fields[12]));
  }
  return ticks;
}

/** What the processes that live at the end have used since; one that came and went in between is not seen. */
function secondsBetween(before: Map<string, number>, after: Map<string, number>): number {
  let ticks = 0;
  for (const [pid, now] of after) ticks += now - (before.get(pid) ?? 0);
  return ticks / 100;
}

/** The fields of /proc/PID/stat behind the name; null if the process has just ended. */
function statFields(pid: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** The row with the median rate of several rounds of the same thing. */
export function median(rows: readonly Row[]): Row {
  const sorted = [...rows].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}
