// Real counters on a real server: SQLite files of their own, HTTP between them, the sandbox behind. Played are the clock,
// which all of them share, the timers, and the network cable of each.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Counter, createCounter } from '../../../main/counter.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/contract/ipc.ts';
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import { protocolHeader } from '../../../shared/contract/protocol.ts';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import type { Result } from '../../../shared/contract/result.ts';
import type { Sku } from '../../../shared/plan/catalogue.ts';
import { PlayedFiles, PlayedSecrets } from '../../fakes/played-stage.ts';
import type { Started } from '../server/started.ts';
import { uniqueKey } from '../server/started.ts';

export interface RealCounter {
  readonly counter: Counter;
  /** Pulls the cable, or puts it back. */
  online: boolean;
  readonly files: PlayedFiles;
  call<N extends CallName>(call: N, input: CallInput<N>): Promise<CallOutput<N>>;
  sync(): Promise<OverviewView>;
  purchases(): Promise<PurchaseView[]>;
  queue(sku: Sku, expectedAmountPaise: number): Promise<PurchaseView>;
  dispose(): Promise<void>;
}

const prices = { 'plan.pharmapulse-one': 1_500_000, 'renewal.year': 100_000, 'topup.50k': 250_000 } as const;
export const priceOf = (sku: Sku): number => prices[sku];

/**
 * folder: of a counter that was here before, which is kept. serverUrl: where it finds the server, if not straight. speaks: the version of
 * the protocol that it says it speaks, as an update of the app would change it.
 */
export interface RealPlace {
  readonly folder?: string;
  readonly serverUrl?: string;
  readonly speaks?: number;
}

/** A counter that is nobody yet. It contacts the server only when it is asked to. */
export async function realCounter(server: Started, place: RealPlace = {}): Promise<RealCounter> {
  const folder = place.folder ?? mkdtempSync(join(tmpdir(), 'pharmapulse-counter-'));
  const self = { online: true, files: new PlayedFiles() };
  const spoken = place.speaks === undefined ? {} : { [protocolHeader]: String(place.speaks) };
  const counter = createCounter({
    dataDir: folder,
    serverUrl: place.serverUrl ?? server.url,
    appVersion: '0.1.0',
    // The test clock may be ahead of the machine's; the PC's own is right here, and other tests play a wrong one.
    clock: { now: () => server.clock.now() },
    monotonic: () => server.clock.now().getTime(),
    // No timer ever fires: what a counter does, it does because this test asked.
    timers: { after: () => ({ cancel: () => undefined }) },
    random: () => 0.5,
    ids: { purchase: () => `pur_${uniqueKey()}`, key: uniqueKey },
    secrets: new PlayedSecrets(),
    fetch: (url, request) =>
      self.online
        ? fetch(url, { ...request, headers: { ...request.headers, ...spoken } })
        : Promise.reject(new Error('the cable is out')),
    openExternal: async () => true,
    files: self.files,
    log: () => undefined,
  });
  await counter.start();
  const call = caller(counter);
  return Object.assign(self, {
    counter,
    call,
    sync: () => call('sync.now', {}),
    purchases: async () => (await call('purchases.list', { limit: 500, offset: 0 })).items,
    queue: (sku: Sku, expectedAmountPaise: number) =>
      call('purchases.queue', { intent: uniqueKey(), sku, quantity: 1, expectedAmountPaise }),
    dispose: async () => {
      await counter.stop();
      if (place.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  });
}

function caller(counter: Counter): RealCounter['call'] {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let ask: (frame: unknown) => void = () => undefined;
  let lastId = 0;
  counter.serve({
    post: (frame) => {
      const { id, result } = frame as { id?: number; result?: Result<unknown> };
      if (id === undefined || result === undefined) return;
      waiting.get(id)?.(result);
      waiting.delete(id);
    },
    onMessage: (listener) => {
      ask = listener;
    },
    close: () => undefined,
  });
  return async <N extends CallName>(call: N, input: CallInput<N>) => {
    lastId += 1;
    const id = lastId;
    const result = await new Promise<Result<unknown>>((resolve) => {
      waiting.set(id, resolve);
      ask({ id, call, input });
    });
    if (!result.ok) throw new Error(`${call}: ${JSON.stringify(result.error)}`);
    return result.value as CallOutput<N>;
  };
}

/** Two counters of one org: the first signs up, the second joins with its code. */
export async function twoCounters(server: Started): Promise<[RealCounter, RealCounter]> {
  const [first, second] = [await realCounter(server), await realCounter(server)];
  await first.call('session.signUp', {
    legalName: 'Asha Medicals',
    address: '12 MG Road, Pune',
    stateCode: '27',
    pin: '411001',
    deviceName: 'Front counter',
  });
  const { code } = await first.call('devices.joinCode', {});
  await second.call('session.join', { code, deviceName: 'Back counter' });
  await second.sync();
  return [first, second];
}
