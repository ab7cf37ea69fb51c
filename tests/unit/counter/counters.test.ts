// The pharmacy's counters as one of them sees and changes them: names, removals, and the list while the server is away.

import { describe, expect, test } from 'vitest';
import { wholeLedger } from '../../../shared/contract/whole-ledger.ts';
import { activeStage } from '../../fakes/played-stage.ts';

/** A counter, and another one of the same pharmacy that joined through it. */
async function twoCounters() {
  const on = await activeStage();
  const { code } = await on.app.call('devices.joinCode', {});
  const key = 'join-of-another';
  const body = JSON.stringify({ code, deviceName: 'Back office' });
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  await fetch(`${on.server.url}/api/devices/join`, { method: 'POST', headers, body });
  const list = async () => (await on.app.call('devices.list', {})).items;
  return { ...on, list };
}

describe('the counters', () => {
  test('are listed as the server has them now, with this one marked', async () => {
    const { app, list } = await twoCounters();
    expect(await list()).toMatchObject([
      { id: 'dev_1', name: 'Counter 1', current: true },
      { id: 'dev_2', name: 'Back office', current: false },
    ]);
    expect((await app.call('devices.list', {})).asOf).toBeNull();
  });

  test('are listed as they were last while the server is away, also after a start; never listed, that is refused', async () => {
    const on = await twoCounters();
    on.server.fault('drop', '/api/');
    expect(await on.app.refusal('devices.list', {})).toMatchObject({ code: 'offline' });
    on.server.heal();
    await on.list();
    const at = on.time.clock.now().toISOString();
    on.server.fault('drop', '/api/');
    on.time.pass(60_000);
    await on.app.counter.stop();
    const again = await on.startCounter();
    expect(await again.call('devices.list', {})).toMatchObject({
      asOf: at,
      items: [{ current: true }, { id: 'dev_2' }],
    });
  });

  test('another one is named: the list says so at once, and so does the last known one', async () => {
    const { app, list, server } = await twoCounters();
    await list();
    const renamed = await app.call('devices.rename', { id: 'dev_2', name: ' रात का काउंटर ' });
    expect(renamed).toMatchObject({ id: 'dev_2', name: 'रात का काउंटर' });
    server.fault('drop', '/api/');
    expect((await list()).map(({ name }) => name)).toEqual(['Counter 1', 'रात का काउंटर']);
  });

  test('this one is named, here or by another counter: it calls itself so from then on, also after a start', async () => {
    const on = await twoCounters();
    const heard = on.app.notices.length;
    await on.app.call('devices.rename', { id: 'dev_1', name: 'Till' });
    expect(on.app.counter.status().session.deviceName).toBe('Till');
    await on.app.until(() => on.app.notices.slice(heard).some(({ topics }) => topics.includes('session')));
    on.server.devices.rename('dev_1', 'Front');
    await on.list();
    await on.app.counter.stop();
    const again = await on.startCounter();
    expect(again.counter.status().session.deviceName).toBe('Front');
  });

  test('a name that the server refuses changes nothing here', async () => {
    const { app, list } = await twoCounters();
    const refused = await app.refusal('devices.rename', { id: 'dev_1', name: 'Back office' });
    expect(refused).toMatchObject({ code: 'invalid_request', details: { faults: [{ path: 'name' }] } });
    expect(app.counter.status().session.deviceName).toBe('Counter 1');
    expect((await list()).map(({ name }) => name)).toEqual(['Counter 1', 'Back office']);
  });

  test('a removal is asked of the server, and of nobody while it is away', async () => {
    const { app, list, server } = await twoCounters();
    await list();
    server.fault('drop', '/api/');
    expect(await app.refusal('devices.revoke', { id: 'dev_2' })).toMatchObject({ code: 'offline', retryable: true });
    expect((await list()).every(({ revokedAt }) => revokedAt === null)).toBe(true);
    server.heal();
    await app.call('devices.revoke', { id: 'dev_2' });
    expect(server.revoked.has('dev_2')).toBe(true);
    server.fault('drop', '/api/');
    expect((await list()).map(({ revokedAt }) => revokedAt === null)).toEqual([true, false]);
  });

  test('this one, removed by itself, stops at once, keeps what it holds and shows the list with itself removed', async () => {
    const { app, list, server } = await twoCounters();
    await list();
    await app.call('devices.revoke', { id: 'dev_1' });
    expect(app.counter.status()).toMatchObject({ session: { state: 'revoked' }, sync: { connection: 'refused' } });
    expect((await list()).map(({ revokedAt }) => revokedAt === null)).toEqual([false, true]);
    expect((await app.call('ledger.window', { filter: wholeLedger, first: null, count: 10 })).total).toBe(1);
    const seen = server.seen.length;
    expect(await app.refusal('devices.rename', { id: 'dev_2', name: 'Mine' })).toMatchObject({
      code: 'device_revoked',
    });
    expect(await app.refusal('devices.revoke', { id: 'dev_2' })).toMatchObject({ code: 'device_revoked' });
    expect(server.seen.slice(seen).filter(({ path }) => path.startsWith('/api/devices'))).toEqual([]);
  });
});
