// The event stream: told at once of what is new, of the org's own only, and ended when the counter may not listen any more.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedEvent } from '../../../shared/contract/sync.ts';
import { watch } from './event-stream.ts';
import { type Counter, counterOf, orderOf, playedClock, type Started, started, uniqueKey } from './started.ts';
import { type Wire, wireTo } from './wire.ts';

let wire: Wire;
let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started({}, playedClock(), async (databaseUrl) => {
    wire = await wireTo(databaseUrl);
    return wire.url;
  });
  counter = await server.signUp();
  await counter.ownPlan();
});
afterAll(async () => {
  await server.dispose();
  await wire.cut();
});

const spend = (who: Counter) =>
  who.request('POST', '/api/credits/spend', { body: { amount: 1, feature: 'ai.assist' }, key: uniqueKey() });
const seqOf = async (who: Counter) => (await who.request<{ seq: number }>('GET', '/api/credits/balance')).body.seq;
const told = (data: string | undefined) => changedEvent.parse(JSON.parse(data ?? '{}')).seq;

describe('a counter that listens', () => {
  test('is told where the ledger stands at once, and again after each change', async () => {
    const stream = await watch(server, counter.deviceToken);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    expect(stream.headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/);
    await expect.poll(() => stream.events.length).toBe(1);
    const seq = await seqOf(counter);
    expect(stream.events[0]).toEqual({ event: 'changed', data: JSON.stringify({ seq }) });
    await spend(counter);
    await expect.poll(() => told(stream.events.at(-1)?.data)).toBe(seq + 1);
    const order = orderOf(await counter.topUp(1));
    await server.play(order, 'pay');
    await server.settle();
    await expect.poll(() => told(stream.events.at(-1)?.data)).toBe(seq + 2);
    stream.close();
    await stream.ended;
  });

  test("hears nothing of another org's changes", async () => {
    const other = await server.signUp({ legalName: 'Rival Chemists' });
    const stream = await watch(server, other.deviceToken);
    await expect.poll(() => stream.events.length).toBe(1);
    await spend(counter);
    await spend(counter);
    // The org's own change comes after those on the same line, so had they been told, they would be here before it.
    await other.buyPlan();
    await expect.poll(() => stream.events.length).toBeGreaterThan(1);
    expect(stream.events.map(({ data }) => told(data))).toEqual(stream.events.map(() => 0));
    stream.close();
    await stream.ended;
  });

  test('hears again after the database was away, without asking anew', async () => {
    const stream = await watch(server, counter.deviceToken);
    await expect.poll(() => stream.events.length).toBe(1);
    await wire.cut();
    await wire.join();
    await expect.poll(() => stream.events.length, { timeout: 10_000 }).toBeGreaterThan(1);
    const seq = await seqOf(counter);
    await spend(counter);
    await expect.poll(() => told(stream.events.at(-1)?.data)).toBe(seq + 1);
    stream.close();
    await stream.ended;
  });
});

describe('the stream ends', () => {
  test('when its counter is revoked, and only that one; coming back is device_revoked', async () => {
    const { body } = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
    const joining = { code: body.code, deviceName: 'Back counter' };
    const joined = await server.request<Counter>('POST', '/api/devices/join', { body: joining });
    const second = counterOf(server, joined.body);
    const [ours, theirs] = [await watch(server, counter.deviceToken), await watch(server, second.deviceToken)];
    await expect.poll(() => [ours.events.length > 0, theirs.events.length > 0]).toEqual([true, true]);
    await counter.request('DELETE', `/api/devices/${second.deviceId}`);
    await theirs.ended;
    expect(await second.request('GET', '/api/sync/events')).toMatchObject({
      status: 401,
      body: { error: { code: 'device_revoked' } },
    });
    const seq = await seqOf(counter);
    await spend(counter);
    await expect.poll(() => told(ours.events.at(-1)?.data)).toBe(seq + 1);
    ours.close();
    await ours.ended;
  });

  test('when the server stops', async () => {
    const stream = await watch(server, counter.deviceToken);
    await expect.poll(() => stream.events.length).toBe(1);
    await server.restart();
    await stream.ended;
    expect((await watch(server, counter.deviceToken)).headers.get('content-type')).toContain('event-stream');
  });
});
