// Starts a counter in a process of its own and talks to it.
import { spawn } from 'node:child_process';
import type { Synced, Wish } from './counter-process.ts';

export interface BenchCounter {
  join(code: string, entries: number): Promise<Synced>;
  /** Milliseconds from the answer to the join until something is on the screen. */
  first(code: string): Promise<number>;
  queue(count: number): Promise<number[]>;
  /** Resolves with when it showed entry `seq`, on this machine's clock in milliseconds. */
  sees(seq: number): Promise<number>;
  stop(): Promise<void>;
}

type Told = { readonly result: unknown } | { readonly seen: number; readonly at: number };

export interface CounterStart {
  /** As `bundle` built it. */
  readonly program: string;
  readonly serverUrl: string;
  /** Its event stream is opened, and carries nothing. */
  readonly muted?: boolean;
  /** What it is started by, where it runs on another line: a program and its arguments. */
  readonly by?: readonly string[];
}

export async function startCounter({
  program,
  serverUrl,
  muted = false,
  by = [],
}: CounterStart): Promise<BenchCounter> {
  const args = process.env.BENCH_COUNTER_ARGS?.split(' ') ?? [];
  const [command = process.execPath, ...before] = [...by, process.execPath];
  const child = spawn(command, [...before, ...args, program, serverUrl, ...(muted ? ['muted'] : [])], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const results: ((result: unknown) => void)[] = [];
  const watching = new Set<(seq: number, at: number) => void>();
  /** When each entry was first shown: it may have been before anybody asked. */
  const shown: { seq: number; at: number }[] = [];
  let failed: (error: Error) => void = () => undefined;
  const ended = new Promise<never>((_done, fail) => {
    failed = fail;
  });
  ended.catch((error: Error) => {
    if (child.exitCode !== 0) console.error(error.message);
  });
  child.on('message', (told: Told) => {
    if ('result' in told) results.shift()?.(told.result);
    else {
      shown.push({ seq: told.seen, at: told.at });
      for (const look of watching) look(told.seen, told.at);
    }
  });
  child.once('exit', (code) => failed(new Error(`the counter ended with ${code}`)));
  const result = <T>() => Promise.race([new Promise<T>((done) => results.push(done as (of: unknown) => void)), ended]);
  const ask = <T>(wish: Wish) => {
    child.send(wish);
    return result<T>();
  };
  await result();
  return {
    join: (code, entries) => ask<Synced>({ do: 'join', code, entries }),
    first: (code) => ask<number>({ do: 'first', code }),
    queue: (count) => ask<number[]>({ do: 'queue', count }),
    sees: (seq) =>
      new Promise((done) => {
        const look = (seen: number, at: number) => {
          if (seen < seq) return;
          watching.delete(look);
          done(at);
        };
        const already = shown.find((one) => one.seq >= seq);
        if (already !== undefined) done(already.at);
        else watching.add(look);
      }),
    stop: async () => {
      const gone = new Promise((done) => child.once('exit', done));
      await ask({ do: 'stop' });
      await gone;
    },
  };
}
