// A whole counter on played ports: real SQLite files in a temporary folder, real HTTP to a played server, and a renderer
// that is two functions. Everything that a test starts here is ended after it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Counter, type CounterParts, createCounter } from '../../main/counter.ts';
import type { Channel } from '../../main/ipc/channel.ts';
import type { FileDesk, OutgoingFile, SecretStore } from '../../main/ports.ts';
import type { Notice } from '../../shared/contract/frames.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/contract/ipc.ts';
import type { LedgerEntryView } from '../../shared/contract/ledger-views.ts';
import type { OverviewView } from '../../shared/contract/overview-view.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { Refusal, Result } from '../../shared/contract/result.ts';
import { wholeLedger } from '../../shared/contract/whole-ledger.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { PlayedServer } from './played-server.ts';
import { type PlayedTime, playedRandom, playedTime } from './played-time.ts';

/** One for the run; printed with every failing test, as it stands in the log lines. */
export const seed = 20261122;

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'counter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Readable on purpose; `broken` plays a key store that lost its key. */
export class PlayedSecrets implements SecretStore {
  broken = false;
  async encrypt(plain: string): Promise<Uint8Array> {
    if (this.broken) throw new Error('the key store is locked');
    return Buffer.from(`sealed:${plain}`);
  }
  async decrypt(sealed: Uint8Array): Promise<string> {
    if (this.broken) throw new Error('the key is gone');
    return Buffer.from(sealed).toString().replace('sealed:', '');
  }
}

/** Takes every file; `handed` says which, in order. */
export class PlayedFiles implements FileDesk {
  readonly handed: (OutgoingFile & { readonly how: 'saved' | 'opened' })[] = [];
  save = async (file: OutgoingFile) => {
    this.handed.push({ ...file, how: 'saved' });
    return { kind: 'saved' } as const;
  };
  open = async (file: OutgoingFile) => {
    this.handed.push({ ...file, how: 'opened' });
    return { kind: 'opened' } as const;
  };
}

export class PlayedCounter {
  readonly counter: Counter;
  readonly notices: Notice[] = [];
  readonly #post: (frame: unknown) => void;
  readonly #replies = new Map<number, (result: Result<unknown>) => void>();
  #lastId = 0;
  #presses = 0;

  /** pulses: called when something happened outside the counter that `until` may wait for. */
  readonly #pulses: Set<() => void>;

  /** Tells this start's presses from those before it. */
  readonly #name: string;

  constructor(counter: Counter, pulses: Set<() => void>, name: string) {
    this.counter = counter;
    this.#name = name;
    this.#pulses = pulses;
    let listener: (frame: unknown) => void = () => undefined;
    const channel: Channel = {
      post: (frame) => this.#receive(structuredClone(frame)),
      onMessage: (listen) => {
        listener = listen;
      },
      close: () => undefined,
    };
    counter.serve(channel);
    this.#post = (frame) => listener(structuredClone(frame));
  }

  #receive(frame: unknown): void {
    const got = frame as { id?: number; result?: Result<unknown>; notice?: Notice };
    if (got.notice !== undefined) this.notices.push(got.notice);
    if (got.id === undefined || got.result === undefined) return;
    const answer = this.#replies.get(got.id);
    this.#replies.delete(got.id);
    answer?.(got.result);
  }

  tryCall<N extends CallName>(call: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#replies.set(id, (result) => resolve(result as Result<CallOutput<N>>));
      this.#post({ id, call, input });
    });
  }

  async call<N extends CallName>(call: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const result = await this.tryCall(call, input);
    if (!result.ok) throw new Error(`${call}: ${result.error.code} ${JSON.stringify(result.error.details ?? {})}`);
    return result.value;
  }

  async refusal<N extends CallName>(call: N, input: CallInput<N>): Promise<Refusal> {
    const result = await this.tryCall(call, input);
    if (result.ok) throw new Error(`${call} was not refused`);
    return result.error;
  }

  sync(): Promise<OverviewView> {
    return this.call('sync.now', {});
  }

  async purchases(): Promise<PurchaseView[]> {
    return (await this.call('purchases.list', { limit: 500, offset: 0 })).items;
  }

  async purchase(id: string): Promise<PurchaseView> {
    const found = (await this.purchases()).find((purchase) => purchase.id === id);
    if (found === undefined) throw new Error(`no purchase ${id}`);
    return found;
  }

  /** What the ledger shows of itself, newest first. */
  async entries(): Promise<LedgerEntryView[]> {
    const seen: LedgerEntryView[] = [];
    for (;;) {
      const wish = { filter: wholeLedger, first: seen.length + 1, count: 200 };
      const { entries, total } = await this.call('ledger.window', wish);
      seen.push(...entries);
      if (entries.length === 0 || seen.length >= total) return seen.reverse();
    }
  }

  queue(
    sku: Sku,
    expectedAmountPaise: number,
    more: { quantity?: number; intent?: string } = {},
  ): Promise<PurchaseView> {
    this.#presses += 1;
    const { quantity = 1, intent = `press-number-${this.#presses}-of-${this.#name}` } = more;
    return this.call('purchases.queue', { intent, sku, quantity, expectedAmountPaise });
  }

  /** Resolves once the condition holds; looked at again after every notice, log line and request: nothing sleeps. */
  until(holds: () => boolean | Promise<boolean>): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        Promise.resolve(holds()).then((yes) => {
          if (!yes) return;
          stop();
          this.#pulses.delete(look);
          resolve();
        }, reject);
      };
      const stop = this.counter.subscribe(look);
      this.#pulses.add(look);
      look();
    });
  }
}

/** The question that the ledger's screen begins with. */
export const newestEntries = { filter: wholeLedger, first: null, count: 50 };

export interface Stage {
  readonly server: PlayedServer;
  readonly time: PlayedTime;
  readonly dataDir: string;
  readonly secrets: PlayedSecrets;
  readonly opened: string[];
  readonly files: PlayedFiles;
  readonly logged: string[];
  /** A counter on the stage's folder, started; a second one after the first is stopped is a restart. */
  readonly startCounter: (change?: Partial<CounterParts>) => Promise<PlayedCounter>;
}

export async function stage(): Promise<Stage> {
  const time = playedTime();
  const server = await new PlayedServer(time.clock.now).start();
  const dataDir = tempFolder();
  const secrets = new PlayedSecrets();
  const opened: string[] = [];
  const files = new PlayedFiles();
  const logged: string[] = [];
  const running = new Set<Counter>();
  const pulses = new Set<() => void>();
  const pulse = () => {
    for (const look of [...pulses]) look();
  };
  server.onSeen = pulse;
  const random = playedRandom(seed);
  let ids = 0;
  onTestFinished(async () => {
    for (const counter of running) await counter.stop();
    await server.stop();
  });
  return {
    server,
    time,
    dataDir,
    secrets,
    opened,
    files,
    logged,
    async startCounter(change = {}) {
      const nextId = () => {
        ids += 1;
        return ids;
      };
      const made = createCounter({
        dataDir,
        serverUrl: server.url,
        appVersion: '0.1.0',
        ...{ clock: time.clock, monotonic: time.monotonic, timers: time.timers, random, secrets, files },
        ids: { purchase: () => `pur_${nextId()}`, key: () => `key-${seed}-${nextId()}` },
        fetch: (url, request) => fetch(url, request),
        openExternal: async (url) => {
          opened.push(url);
          return true;
        },
        log(level, message, details) {
          logged.push(`${level} ${message} ${JSON.stringify(details ?? {})}`);
          pulse();
        },
        ...change,
      });
      const counter: Counter = {
        ...made,
        async stop() {
          running.delete(counter);
          await made.stop();
        },
      };
      running.add(counter);
      await counter.start();
      return new PlayedCounter(counter, pulses, `start-${nextId()}`);
    },
  };
}

export const pharmacy = {
  legalName: 'Asha Medicals',
  address: '12 MG Road, Pune',
  stateCode: '27',
  pin: '411001',
  deviceName: 'Counter 1',
};

/** A counter that is signed up and has pulled once; `plan`: its org owns the plan. */
export async function activeStage(plan = true): Promise<Stage & { readonly app: PlayedCounter }> {
  const on = await stage();
  if (plan) on.server.org.buyPlan();
  const app = await on.startCounter();
  await app.call('session.signUp', pharmacy);
  await app.sync();
  return { ...on, app };
}
