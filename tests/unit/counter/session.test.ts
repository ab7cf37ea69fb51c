// Sign-up, join, and what happens when a token is gone.
import { describe, expect, test } from 'vitest';
import { activeStage, pharmacy, stage } from '../../fakes/played-stage.ts';

const joining = { code: 'ABCD2345', deviceName: 'Counter 2' };

describe('the session', () => {
  test('sign-up makes the counter active, and it is still after a restart', async () => {
    const on = await stage();
    const app = await on.startCounter();
    expect(app.counter.status().session.state).toBe('none');
    expect(await app.call('session.signUp', pharmacy)).toMatchObject({ state: 'active', orgName: 'Asha Medicals' });
    await app.counter.stop();
    const again = await on.startCounter();
    expect(again.counter.status().session).toMatchObject({ state: 'active', deviceName: 'Counter 1' });
    await again.sync();
    expect(on.server.seen.at(-1)?.token).toMatch(/^token-dev_1/);
    expect(on.server.seen.at(-1)?.version).toBe('1');
  });

  test('a sign-up whose answer was lost carries the same key when it is pressed again, and makes one org', async () => {
    const on = await stage();
    on.server.fault('cut', '/api/orgs', 1);
    const app = await on.startCounter();
    expect(await app.refusal('session.signUp', pharmacy)).toMatchObject({ code: 'offline', retryable: true });
    await app.counter.stop();
    const again = await on.startCounter();
    expect(await again.call('session.signUp', pharmacy)).toMatchObject({ deviceId: 'dev_1' });
    expect(new Set(on.server.sent('/api/orgs').map((seen) => seen.key)).size).toBe(1);
  });

  test('an active counter cannot sign up or join again', async () => {
    const on = await activeStage();
    expect(await on.app.refusal('session.signUp', pharmacy)).toMatchObject({ code: 'already_activated' });
    expect(await on.app.refusal('session.join', joining)).toMatchObject({ code: 'already_activated' });
  });

  test('a revoked counter keeps its data, joins its org again, and sends what was waiting', async () => {
    const on = await activeStage();
    await on.app.call('devices.joinCode', {});
    on.server.revoked.add('dev_1');
    const { id } = await on.app.queue('topup.50k', 250_000);
    await on.app.until(() => on.app.counter.status().session.state === 'revoked');
    expect(await on.app.entries()).toHaveLength(1);
    expect(await on.app.refusal('devices.list', {})).toMatchObject({ code: 'device_revoked' });
    expect(await on.app.call('session.join', joining)).toMatchObject({ state: 'active', deviceId: 'dev_2' });
    await on.app.sync();
    expect(await on.app.purchase(id)).toMatchObject({ state: 'awaiting_payment' });
  });

  test("a revoked counter does not take another pharmacy's code, and gives the new counter back", async () => {
    const on = await activeStage();
    await on.app.call('devices.joinCode', {});
    on.server.revoked.add('dev_1');
    await on.app.sync();
    on.server.joinsOrg = 'org_other';
    expect(await on.app.refusal('session.join', joining)).toMatchObject({ code: 'already_activated' });
    expect(on.server.seen.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/devices/dev_2' });
    expect(on.app.counter.status().session).toMatchObject({ state: 'revoked', orgId: 'org_played' });
  });

  test('a wrong code is refused as the server says', async () => {
    const on = await stage();
    const app = await on.startCounter();
    expect(await app.refusal('session.join', joining)).toMatchObject({ code: 'not_found', retryable: false });
  });

  test('when the key of the token is lost, the data is still there and the counter asks to be joined again', async () => {
    const on = await activeStage();
    await on.app.call('devices.joinCode', {});
    await on.app.counter.stop();
    on.secrets.broken = true;
    const again = await on.startCounter();
    expect(again.counter.status()).toMatchObject({
      session: { state: 'revoked' },
      sync: { problem: 'token_lost', connection: 'refused' },
      credits: { balance: 50_000 },
    });
    on.secrets.broken = false;
    expect(await again.call('session.join', joining)).toMatchObject({ state: 'active' });
  });

  test('where no secret can be kept, nothing is asked of the server', async () => {
    const on = await stage();
    on.secrets.broken = true;
    const app = await on.startCounter();
    expect(await app.refusal('session.signUp', pharmacy)).toMatchObject({ code: 'storage_failed' });
    expect(on.server.seen).toHaveLength(0);
  });
});
