// Every call and every notice of the bridge over every transport: who may not call, what may not be sent, how much of it, and
// that a right question is answered with what the contract says. The core behind it is the real one.
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { parseResult } from '../../../renderer/store/channel.ts';
import { largestFrame, notice } from '../../../shared/contract/frames.ts';
import { type CallInput, type CallName, calls } from '../../../shared/contract/ipc.ts';
import { pharmacy, stage } from '../../fakes/played-stage.ts';
import { examples, type On } from './examples.ts';
import { type Host, type Line, type Wire, wires } from './wires.ts';
import { wrongShapes } from './wrong-shapes.ts';

// Each walks a counter of its own through dozens of questions; a busy machine takes its time.
vi.setConfig({ testTimeout: 20_000 });

const names = Object.keys(calls) as CallName[];
const walked = Object.entries(wires).flatMap(([name, wire]) => names.map((call) => [call, name, wire] as const));

const topUp = { sku: 'topup.50k', quantity: 1, expectedAmountPaise: 250_000 } as const;

interface Ground {
  readonly on: On;
  readonly host: Host;
  readonly line: Line;
  readonly call: CallName;
  readonly right: unknown;
  /** What the counter has on its disk, has asked of the server and has handed out. */
  readonly traces: () => string;
}

async function groundFor(call: CallName, wire: Wire): Promise<Ground> {
  const asked: string[] = [];
  const fetched: typeof fetch = (url, request) => {
    asked.push(`${request?.method} ${String(url)}`);
    return fetch(url, request);
  };
  const bare = await stage();
  bare.server.org.buyPlan();
  const app = await bare.startCounter({ fetch: (url, request) => fetched(url, request) });
  const on: On = { ...bare, app };
  if (examples[call].on === 'active') {
    await app.call('session.signUp', pharmacy);
    await app.sync();
  }
  const right = await examples[call].make(on);
  await settledStream(on);
  const host = await wire(app.counter.serve);
  const line = await host.open();
  const traces = () => JSON.stringify([asked, bare.files.handed.length, bare.opened, outboxOf(bare.dataDir)]);
  return { on, host, line, call, right, traces };
}

/** The event stream is opened behind the first contact; what it asks of the server is nobody's call. */
async function settledStream({ app, server }: On): Promise<void> {
  if (app.counter.status().session.state !== 'active') return;
  await app.until(() => server.streams === 1 && !app.counter.status().sync.busy);
}

function outboxOf(dataDir: string): unknown[] {
  const file = new Database(`${dataDir}/outbox.db`, { readonly: true });
  const tables = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
  // The time of the last contact is written down whenever it is asked for.
  const rows = tables.map((table) => file.prepare(`SELECT * FROM "${String(table)}"`).all() as { name?: unknown }[]);
  file.close();
  return rows.map((table) => table.filter(({ name }) => name !== 'trustedTime'));
}

async function refusesStrangers({ host, call, right, traces, line }: Ground): Promise<void> {
  for (const [who, tries] of Object.entries(host.strangers)) {
    const before = traces();
    expect(await tries({ id: 1, call, input: right }), `answers to ${who}`).toBe(0);
    // Whatever a stranger had set going would have begun before this is answered.
    await line.bridge.call('settings.get', {});
    expect(traces(), `what ${who} did`).toBe(before);
  }
}

async function refusesShapes({ call, right, line, traces }: Ground): Promise<void> {
  const wrong = wrongShapes(calls[call].input, right);
  expect(wrong.length).toBeGreaterThan(5);
  const before = traces();
  for (const { what, input } of wrong) {
    const answer = await line.bridge.call(call, input);
    expect(answer, what).toMatchObject({ ok: false, error: { code: 'invalid_request', retryable: false } });
  }
  expect(traces(), 'what wrong questions did').toBe(before);
}

/** Too large as a whole, by one byte; no call at all; and a call that comes right behind on a line that is to end. */
async function refusesSize({ host, call, right, traces }: Ground): Promise<void> {
  const before = traces();
  const frame = { id: 1, call, input: right };
  const room = largestFrame - JSON.stringify({ ...frame, more: '' }).length;
  for (const bad of [{ ...frame, more: 'x'.repeat(room + 1) }, 'no call', { ...frame, id: 'one' }]) {
    const line = await host.open();
    line.send(bad);
    line.send(frame);
    await line.ended;
    expect(line.answers()).toBe(0);
    await (await host.open()).bridge.call('settings.get', {});
    expect(traces(), 'what was done for it').toBe(before);
  }
}

async function answersRight({ call, right, host }: Ground): Promise<void> {
  const { bridge } = await host.open();
  const answer = await bridge.call(call, right);
  const read = await parseResult(call, answer);
  expect(read, 'the answer').toMatchObject({ ok: true });
  // Nothing was taken away or made of it on the way, and nothing is in it that its shape does not have.
  expect(answer).toEqual(read);
}

describe('every call', () => {
  test('has an example here', () => {
    expect(Object.keys(examples).sort()).toEqual([...names].sort());
  });

  test.each(walked)(
    '%s over %s refuses strangers, wrong shapes and sizes, and answers what is right',
    async (call, _name, wire) => {
      const ground = await groundFor(call, wire);
      await refusesStrangers(ground);
      await refusesShapes(ground);
      await refusesSize(ground);
      await answersRight(ground);
    },
  );
});

describe('every notice', () => {
  test.each(Object.entries(wires))(
    'comes over %s as the contract has it, whatever it is about',
    async (_name, wire) => {
      const on = await stage();
      on.server.org.buyPlan();
      const app = await on.startCounter();
      const { bridge } = await (await wire(app.counter.serve)).open();
      const heard = new Set<string>();
      const stop = bridge.subscribe((told) => {
        for (const topic of notice.strict().parse(told).topics) heard.add(topic);
      });
      const ask = async <N extends CallName>(call: N, input: CallInput<N>) => {
        expect(await bridge.call(call, input), call).toMatchObject({ ok: true });
      };
      await ask('session.signUp', pharmacy);
      await ask('settings.save', { theme: 'dark' });
      await ask('purchases.queue', { ...topUp, intent: 'a-press-of-it' });
      on.server.documents.issue('2026-11-20');
      on.server.org.append(5);
      await ask('sync.now', {});
      expect([...heard].sort()).toEqual([...notice.shape.topics.element.options].sort());
      stop();
      heard.clear();
      await ask('settings.save', { theme: 'light' });
      expect([...heard]).toEqual([]);
    },
  );
});
