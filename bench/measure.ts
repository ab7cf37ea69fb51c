// Runs one way of doing something with a number of callers for a time, and says how fast it was and what it cost.
import { readdirSync, readFileSync } from 'node:fs';
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
  const postgresBefore = postmaster === undefined ? null : postgresSeconds(postmaster);
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
  const postgresAfter = postmaster === undefined ? null : postgresSeconds(postmaster);
  return {
    name,
    perSecond: latencies.length / took,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    nodeCpu: (cpu.user + cpu.system) / 1e6 / took,
    rssMb: process.memoryUsage().rss / 1_048_576,
    ...(postgresBefore === null || postgresAfter === null
      ? {}
      : { postgresCpu: (postgresAfter - postgresBefore) / took }),
  };
}

/** CPU seconds of the postmaster and the backends that live now; null where /proc is not there. */
function postgresSeconds(postmaster: number): number | null {
  try {
    let ticks = 0;
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      const fields = statFields(entry);
      if (fields === null || (Number(entry) !== postmaster && Number(fields[1]) !== postmaster)) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / 100;
  } catch {
    return null;
  }
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
