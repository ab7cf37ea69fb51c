// One counter PC: the real counter on real files, with a clock that may be wrong, timers that stand still while it sleeps, a wire
// of its own, and power that may go at any write and at any request. After a cut it is started again on what was on the disk.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Counter, createCounter } from '../../../main/counter.ts';
import type { FetchRequest, Timer } from '../../../main/ports.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/contract/ipc.ts';
import type { Refusal, Result } from '../../../shared/contract/result.ts';
import type { Chance } from '../storm/chance.ts';
import { closeDisk, copyFiles, type Disk, openDisk } from './disk.ts';
import { createStreams, type StreamMode, type Streams } from './stream.ts';
import { type Ask, peacePath, type Wire } from './wire.ts';
import { activationIn, cancelsOnDisk, clamp, never, purchaseIn, sentAtOnDisk } from './witness.ts';

/** before: the request has not left. after: the server has done it, and nobody heard the answer. */
export interface WireCut {
  in: number;
  readonly when: 'before' | 'after';
}

export interface PcParts {
  readonly number: number;
  readonly name: string;
  readonly folder: string;
  readonly chance: Chance;
  readonly wire: Wire;
  /** The server's time, in milliseconds; what is wrong with this PC's clock comes on top. */
  readonly now: () => number;
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  readonly openStream: (signal: AbortSignal, headers: Record<string, string>) => Promise<Response>;
  readonly note: (what: string) => void;
  readonly quarrel: (what: string) => void;
  readonly sent: (what: { id: string; key: string; onDisk: string | null; revoked: boolean }) => void;
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

/** From one start to its end. */
interface Life {
  readonly counter: Counter;
  readonly disk: Disk;
  readonly timers: Set<Waiting>;
  readonly streams: Streams;
  readonly replies: Map<number, (result: Result<unknown>) => void>;
  ask: (frame: unknown) => void;
  lastId: number;
  alive: boolean;
}

export type Called<N extends CallName> =
  | { readonly ok: true; readonly value: CallOutput<N> }
  | { readonly ok: false; readonly error: Refusal };

export class Pc {
  readonly parts: PcParts;
  skewMs = 0;
  streamMode: StreamMode = 'muted';
  wireCut: WireCut | null = null;
  /** The server refused its token, and it has not joined since. */
  refused = false;
  /** Its disk did something to the mirror. */
  spoiled = false;
  token: string | null = null;
  deviceId: string | null = null;
  asleep = false;
  #joined = false;
  #life: Life | null = null;
  #generation = 0;
  #bootedAt = 0;

  constructor(parts: PcParts) {
    this.parts = parts;
    mkdirSync(this.folder, { recursive: true });
  }

  get folder(): string {
    return join(this.parts.folder, `${this.parts.name}-${this.#generation}`);
  }

  get on(): boolean {
    return this.#life?.alive ?? false;
  }

  /** The power may go while it starts: then it is off again. */
  async start(cutIn: number | null, booted: boolean): Promise<void> {
    if (booted) this.#bootedAt = this.parts.now();
    const disk = openDisk(this.folder, () => this.#cut('cut between two writes'));
    disk.cutIn = cutIn;
    const timers = new Set<Waiting>();
    const life: Partial<Life> & Pick<Life, 'disk' | 'timers' | 'replies'> = { disk, timers, replies: new Map() };
    Object.assign(life, { alive: true, lastId: 0, streams: this.#streams() });
    this.#life = life as Life;
    const cancels = cancelsOnDisk(this.folder);
    try {
      const counter = createCounter(this.#ports(life as Life));
      Object.assign(life, { counter });
      const still = life.alive ? cancelsOnDisk(this.folder) : cancels;
      for (const id of cancels)
        if (!still.has(id)) this.parts.quarrel(`${this.parts.name} forgot at its start that ${id} is cancelled`);
      counter.serve({
        post: (frame) => this.#reply(life as Life, frame),
        onMessage: (listener) => Object.assign(life, { ask: listener }),
        close: () => undefined,
      });
      await this.parts.during(counter.start());
    } catch (error) {
      if (life.alive) this.parts.quarrel(`${this.parts.name} did not start: ${String(error)}`);
      life.alive = false;
    }
  }

  #ports(life: Life) {
    const { chance, now } = this.parts;
    let made = 0;
    const unique = () => {
      made += 1;
      return `${this.parts.name}x${this.#generation}x${now().toString(36)}x${made}x${chance.below(1e9).toString(36)}`;
    };
    return {
      dataDir: this.folder,
      serverUrl: 'http://sync.test',
      appVersion: '0.1.0',
      clock: { now: () => new Date(clamp(now() + this.skewMs)) },
      monotonic: () => now() - this.#bootedAt,
      random: () => chance.next(),
      ids: { purchase: () => `pur_${unique()}`, key: () => `key-${unique()}` },
      timers: {
        after: (ms: number, run: () => void): Timer => {
          const timer = { at: now() + ms, run };
          life.timers.add(timer);
          return { cancel: () => life.timers.delete(timer) };
        },
      },
      fetch: (url: string, request: FetchRequest) => this.#fetch(life, url, request),
      secrets: {
        encrypt: async (plain: string) => Buffer.from(`sealed:${plain}`),
        decrypt: async (sealed: Uint8Array) => Buffer.from(sealed).toString().replace('sealed:', ''),
      },
      openExternal: async () => true,
      files: {
        save: async () => ({ kind: 'saved' }) as const,
        open: async () => ({ kind: 'opened' }) as const,
      },
      log: () => undefined,
    };
  }

  #streams(): Streams {
    const { wire, openStream: open, during, note } = this.parts;
    return createStreams({ mode: () => this.streamMode, online: () => wire.weather !== 'offline', open, during, note });
  }

  async #fetch(life: Life, url: string, { method, headers, body, signal }: FetchRequest) {
    const { pathname, search } = new URL(url);
    const ask: Ask = { method, path: `${pathname}${search}`, headers, body };
    if (signal.aborted) throw new Error('aborted');
    if (!life.alive) return never(signal);
    if (pathname === '/api/sync/events') return life.streams.events(headers, signal);
    // The printer is another process's work and slow; what is tried here is money.
    if (pathname.endsWith('/pdf')) throw new Error('no PDF today');
    this.#witness(life, ask);
    if (this.#cutsAt('before')) return never(signal);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    const reply = await Promise.race([this.parts.wire.carry(ask), aborted]);
    if (process.env.SIM_TRACE !== undefined)
      console.log(new Date(this.parts.now()).toISOString(), this.folder, ask.method, ask.path, reply.status);
    if (!life.alive || this.#cutsAt('after')) return never(signal);
    this.#learn(ask, reply.status, reply.body);
    const bodyless = reply.status === 204;
    return new Response(bodyless ? null : reply.body, { status: reply.status, headers: reply.headers });
  }

  /** What leaves this PC, beside what its disk says of it at this moment, read by other eyes than the counter's. */
  #witness(life: Life, ask: Ask): void {
    const peace = this.parts.wire.peace.get(peacePath(ask));
    if (peace !== undefined && this.parts.now() < peace && purchaseIn(ask) !== null) {
      this.parts.quarrel(`${this.parts.name} asked ${ask.path} again before the time that the server named`);
    }
    const id = ask.method === 'POST' && ask.headers['Idempotency-Key'] !== undefined ? purchaseIn(ask) : null;
    if (id === null) return;
    const key = ask.headers['Idempotency-Key'] ?? '';
    this.parts.sent({ id, key, onDisk: sentAtOnDisk(life.disk.folder, id), revoked: this.refused });
  }

  #cutsAt(when: WireCut['when']): boolean {
    if (this.wireCut === null || this.wireCut.when !== when) return false;
    this.wireCut.in -= 1;
    if (this.wireCut.in > 0) return false;
    this.#cut(when === 'before' ? 'cut before a request left' : 'cut before an answer was heard');
    return true;
  }

  #learn({ path }: Ask, status: number, body: Uint8Array): void {
    if (path === '/api/orgs' || path === '/api/devices/join') {
      if (status !== 200 && status !== 201) return;
      const made = activationIn(body);
      if (made !== null) Object.assign(this, { token: made.deviceToken, deviceId: made.deviceId, refused: false });
      return;
    }
    if (status === 401) this.refused = true;
    if (status === 401) this.#joined = false;
  }

  #cut(what: string): void {
    const life = this.#life;
    if (life === null || !life.alive) return;
    const from = this.folder;
    life.alive = false;
    life.disk.dead = true;
    this.wireCut = null;
    this.#joined = false;
    this.#generation += 1;
    copyFiles(from, this.folder);
    mkdirSync(this.folder, { recursive: true });
    life.timers.clear();
    life.streams.close();
    this.parts.note(what);
  }

  /** The power goes now. */
  cutNow(): void {
    this.#cut('cut at rest');
  }

  cutAfterWrites(writes: number): void {
    if (this.#life?.alive) this.#life.disk.cutIn = writes;
  }

  /** Ended in good order; or what a cut left is let go of. */
  async end(): Promise<void> {
    const life = this.#life;
    this.#life = null;
    if (life === null) return;
    const clean = life.alive;
    // Nothing that it still does may reach the network or the next life's files.
    if (life.counter !== undefined)
      await this.parts.during(life.counter.stop()).catch((error: unknown) => {
        if (clean) this.parts.quarrel(`${this.parts.name} did not stop: ${String(error)}`);
      });
    life.alive = false;
    life.streams.close();
    life.timers.clear();
    closeDisk(life.disk);
  }

  #reply(life: Life, frame: unknown): void {
    const { id, result } = frame as { id?: number; result?: Result<unknown> };
    if (!life.alive || id === undefined || result === undefined) return;
    life.replies.get(id)?.(result);
    life.replies.delete(id);
  }

  /** Never answers where the power goes before the answer is on the screen. */
  call<N extends CallName>(call: N, input: CallInput<N>): Promise<Called<N>> {
    const life = this.#life;
    if (life === null || !life.alive) return new Promise(() => undefined);
    life.lastId += 1;
    const id = life.lastId;
    return new Promise((resolve) => {
      life.replies.set(id, (result) => resolve(result as Called<N>));
      life.ask({ id, call, input });
    });
  }

  /** It has a token that it kept and that the server was not heard to refuse. Of one that is off: when it was last asked. */
  joined(): boolean {
    if (this.refused) return false;
    if (!this.#joined) this.#joined = this.status()?.session.state === 'active';
    return this.#joined;
  }

  status() {
    return this.#life?.alive ? this.#life.counter.status() : null;
  }

  wake(): void {
    if (this.#life?.alive) this.#life.counter.wake();
  }

  /** What its event stream brought meanwhile. */
  hear(comment: boolean): void {
    if (this.#life?.alive && !this.asleep) this.#life.streams.hear(comment);
  }

  /** Everything whose time has come, in order; a PC that slept does it now. */
  fire(): void {
    const life = this.#life;
    if (!life?.alive || this.asleep) return;
    const due = [...life.timers].filter(({ at }) => at <= this.parts.now()).toSorted((a, b) => a.at - b.at);
    for (const timer of due) if (life.timers.delete(timer)) timer.run();
  }

  breakStreams(): void {
    this.#life?.streams.breakAll();
  }
}
