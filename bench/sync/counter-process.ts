// A counter in a process of its own: the real core on the real machine's ports, with a renderer that is two functions. It is
// told what to do by messages, and says what it cost.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Counter, createCounter } from '../../main/counter.ts';
import { keyFileSecrets } from '../../main/hosts/browser/key-file.ts';
import { keyBytes, lineLog, thisMachine } from '../../main/hosts/machine.ts';
import { wholeLedger } from '../../shared/contract/whole-ledger.ts';

export type Wish =
  | { readonly do: 'join'; readonly code: string; readonly entries: number }
  /** The first page alone: answered with the milliseconds from the answer to the join until something is on the screen. */
  | { readonly do: 'first'; readonly code: string }
  | { readonly do: 'queue'; readonly count: number }
  | { readonly do: 'stop' };

/** firstMs: from the answer to the join until something is on the screen; wholeMs: until every entry is held. */
export interface Synced {
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly wireBytes: number;
  readonly requests: number;
  /** The most that was resident, and before the first page. */
  readonly rssMb: number;
  readonly rssBeforeMb: number;
  /** The most when the ledger was opened after that. */
  readonly rssOpenedMb: number;
  /** Of this process while it synced, in seconds. */
  readonly cpuSeconds: number;
  readonly fileMb: number;
}

/** `muted`: the event stream is opened, and nothing that flows in it arrives, as behind some antivirus programs. */
const [serverUrl = '', how = ''] = process.argv.slice(2);
const dataDir = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-counter-'));
let wireBytes = 0;
let requests = 0;
const machine = thisMachine();
const counter: Counter = createCounter({
  ...machine,
  dataDir,
  serverUrl,
  appVersion: '0.1.0',
  secrets: keyFileSecrets(dataDir, keyBytes),
  openExternal: async () => false,
  files: { save: async () => ({ kind: 'saved' }), open: async () => ({ kind: 'opened' }) },
  log: lineLog(false),
  fetch: async (url, request) => {
    const answer = await fetch(url, request);
    if (how === 'muted' && url.includes('/api/sync/events')) return muted(answer);
    if (url.includes('/api/sync/feed')) {
      requests += 1;
      wireBytes += Number(answer.headers.get('content-length') ?? 0);
    }
    return answer;
  },
});

function muted({ status, headers, body }: Response): Response {
  const silent = new ReadableStream<Uint8Array>({ cancel: (reason) => body?.cancel(reason) });
  return new Response(silent, { status, headers });
}

let lastId = 0;
const replies = new Map<number, (result: Answered) => void>();
let post: (frame: unknown) => void = () => undefined;
counter.serve({
  post: (frame) => {
    const { id, result } = frame as { id?: number; result?: { ok: boolean } };
    if (id === undefined || result === undefined) return;
    replies.get(id)?.(result);
    replies.delete(id);
  },
  onMessage: (listen) => {
    post = listen;
  },
  close: () => undefined,
});

type Answered = { ok: boolean; value?: unknown; error?: unknown };

function answered(name: string, input: unknown): Promise<Answered> {
  lastId += 1;
  const id = lastId;
  return new Promise((done) => {
    replies.set(id, done);
    post({ id, call: name, input });
  });
}

async function call(name: string, input: unknown): Promise<unknown> {
  const { ok, value, error } = await answered(name, input);
  if (!ok) throw new Error(`${name}: ${JSON.stringify(error)}`);
  return value;
}

function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  return new Promise((done) => {
    const look = () =>
      void Promise.resolve(holds()).then((yes) => {
        if (!yes) return;
        stop();
        done();
      });
    const stop = counter.subscribe(look);
    look();
  });
}

async function join_(code: string, entries: number): Promise<Synced> {
  const rssBeforeMb = mostResident();
  const cpu = process.cpuUsage();
  await call('session.join', { code, deviceName: 'Bench counter' });
  const begun = performance.now();
  await until(() => counter.status().credits?.seq === entries);
  const firstMs = performance.now() - begun;
  await until(() => counter.status().sync.older === null);
  const wholeMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  const rssMb = mostResident();
  const { total } = (await call('ledger.window', { filter: wholeLedger, first: null, count: 1 })) as { total: number };
  if (total !== entries) throw new Error(`${total} entries are held, not ${entries}`);
  const fileMb = statSync(join(dataDir, 'mirror.db')).size / 1_048_576;
  const rssOpenedMb = mostResident();
  return { firstMs, wholeMs, wireBytes, requests, rssMb, rssBeforeMb, rssOpenedMb, cpuSeconds, fileMb };
}

async function first(code: string): Promise<number> {
  await joinInTurn(code);
  const begun = performance.now();
  await until(() => (counter.status().credits?.seq ?? 0) > 0);
  return performance.now() - begun;
}

/** The server lets so many join in a minute; one that is asked to wait does. */
async function joinInTurn(code: string): Promise<void> {
  for (;;) {
    const answer = await answered('session.join', { code, deviceName: 'Bench counter' });
    if (answer.ok) return;
    const { code: reason, details } = answer.error as { code: string; details?: { retryAfterMs?: number } };
    if (reason !== 'rate_limited') throw new Error(`session.join: ${reason}`);
    await pause(details?.retryAfterMs ?? 1_000);
  }
}

/** In MB. Where the system shows it, of this program alone: what `getrusage` says begins with whoever started it. */
function mostResident(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}

/** How long each took to be on the disk, in milliseconds. */
async function queue(count: number): Promise<number[]> {
  const took: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const before = performance.now();
    await call('purchases.queue', {
      intent: `bench-press-${at}-${process.pid}`,
      sku: 'topup.50k',
      quantity: 1,
      expectedAmountPaise: 250_000,
    });
    took.push(performance.now() - before);
  }
  return took;
}

async function perform(wish: Wish): Promise<unknown> {
  if (wish.do === 'join') return join_(wish.code, wish.entries);
  if (wish.do === 'first') return first(wish.code);
  if (wish.do === 'queue') return queue(wish.count);
  await counter.stop();
  rmSync(dataDir, { recursive: true, force: true });
  return null;
}

// What another counter spends shows here: the entry's number and when it was seen, on this machine's clock.
counter.subscribe(() => {
  const seq = counter.status().credits?.seq ?? 0;
  process.send?.({ seen: seq, at: Date.now() });
});

process.on('message', (wish: Wish) => {
  perform(wish).then(
    (result) => {
      process.send?.({ result });
      if (wish.do === 'stop') process.exit(0);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
await counter.start();
process.send?.({ result: 'started' });
