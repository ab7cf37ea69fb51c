// Waking up, another network and a press of "Refresh": the server is looked at at once in every state in which that is right,
// and left alone for as long as it asked to be.
import { describe, expect, test } from 'vitest';
import { activeStage, type PlayedCounter, type Stage, stage } from '../../fakes/played-stage.ts';
import { playedTime } from '../../fakes/played-time.ts';

const feed = '/api/sync/feed';
const events = '/api/sync/events';

type On = Stage & { readonly app: PlayedCounter };
const pulls = (on: Stage) => on.server.sent(feed).length;

async function quiet(): Promise<On> {
  const on = await activeStage();
  await on.app.until(() => on.server.streams === 1 && !on.app.counter.status().sync.busy);
  return on;
}

/** The server asks to be left alone for two minutes. */
async function heldOff(on: On): Promise<string> {
  on.server.retryAfterSeconds = 120;
  on.server.fault('busy', feed);
  const { waitUntil } = (await on.app.sync()).sync;
  expect(waitUntil).toBe(new Date(on.time.clock.now().getTime() + 120_000).toISOString());
  on.server.heal();
  return waitUntil ?? '';
}

describe('a server that asks to wait', () => {
  test('is left alone whoever presses and whatever wakes up, and each press is told until when', async () => {
    const on = await quiet();
    const until = await heldOff(on);
    const before = on.server.seen.length;
    for (let press = 0; press < 5; press += 1) {
      const { sync } = await on.app.sync();
      expect(sync).toMatchObject({ waitUntil: until, nextTryAt: until, connection: 'offline', busy: false });
      on.app.counter.wake();
      on.server.tell();
    }
    on.time.pass(119_000);
    await on.app.sync();
    expect(on.server.seen.slice(before).filter(({ path }) => !path.includes(events))).toEqual([]);
    on.time.pass(1_000);
    await on.app.until(() => on.app.counter.status().sync.connection === 'online');
    expect((await on.app.sync()).sync.waitUntil).toBeNull();
  });

  test('says so of its event stream as well, which is not asked for again before', async () => {
    const on = await quiet();
    on.server.retryAfterSeconds = 120;
    on.server.fault('busy', events);
    const before = on.server.sent(events).length;
    on.server.endStreams();
    await on.app.until(() => on.logged.some((line) => line.includes('ended by the server')));
    on.time.pass(30_000);
    await on.app.until(() => on.logged.some((line) => line.includes('answered 503')));
    for (let at = 0; at < 11; at += 1) {
      on.time.pass(10_000);
      await on.app.sync();
    }
    expect(on.server.sent(events).length).toBe(before + 1);
    on.server.heal();
    on.time.pass(10_000);
    await on.app.until(() => on.server.streams === 1);
  });

  test('has been waited for when the PC slept over it, though no timer ran meanwhile', async () => {
    const on = await stage();
    const slept = playedTime();
    const app = await on.startCounter({ timers: slept.timers });
    await app.call('session.signUp', {
      ...{ legalName: 'Asha Medicals', address: '12 MG Road, Pune', stateCode: '27', pin: '411001' },
      deviceName: 'Counter 1',
    });
    await app.sync();
    await heldOff({ ...on, app });
    const before = pulls(on);
    on.time.pass(3_600_000);
    app.counter.wake();
    await app.until(() => pulls(on) > before && app.counter.status().sync.connection === 'online');
  });
});

describe('waking up', () => {
  test.each<[string, (on: On) => Promise<void>]>([
    ['all was well', async () => undefined],
    [
      'the last contact had no answer',
      async (on) => {
        on.server.fault('drop', feed);
        await on.app.sync();
        on.server.heal();
      },
    ],
    [
      'the server was busy and did not say until when',
      async (on) => {
        on.server.fault('portal', feed);
        await on.app.sync();
        on.server.heal();
      },
    ],
    [
      'the stream carries nothing',
      async (on) => {
        on.server.mute = true;
        on.server.endStreams();
        await on.app.until(() => on.server.streams === 0 && !on.app.counter.status().sync.busy);
      },
    ],
  ])('pulls at once where %s', async (_where, bring) => {
    const on = await quiet();
    await bring(on);
    const before = pulls(on);
    on.server.org.append(11);
    on.app.counter.wake();
    await on.app.until(() => on.app.counter.status().credits?.balance === 50_011);
    expect(pulls(on)).toBeGreaterThan(before);
  });

  test('while a contact is under way, another follows it at once', async () => {
    const on = await quiet();
    const before = pulls(on);
    const now = on.app.sync();
    for (let times = 0; times < 10; times += 1) on.app.counter.wake();
    await now;
    await on.app.until(() => !on.app.counter.status().sync.busy);
    expect(pulls(on)).toBe(before + 2);
  });

  test('asks nothing of the server where the counter is nobody yet, and where it was removed', async () => {
    const nobody = await stage();
    const app = await nobody.startCounter();
    app.counter.wake();
    expect((await app.sync()).session.state).toBe('none');
    expect(nobody.server.seen).toEqual([]);

    const on = await quiet();
    on.server.revoked.add('dev_1');
    await on.app.sync();
    expect(on.app.counter.status().session.state).toBe('revoked');
    const before = on.server.seen.length;
    on.app.counter.wake();
    await on.app.sync();
    on.time.pass(3_600_000);
    expect(on.server.seen.length).toBe(before);
  });
});

describe('where the stream is not up', () => {
  test.each<[string, (on: On) => unknown]>([
    ['it is refused by something in between', (on) => on.server.fault('proxy', events)],
    ['it is open and silent', (on) => Object.assign(on.server, { mute: true })],
    ['it is cut before it opens', (on) => on.server.fault('drop', events)],
    ['the server has no answer', (on) => on.server.fault('drop', '/api/')],
    ['a portal stands before the server', (on) => on.server.fault('portal', '/api/')],
  ])('the next look is at most 30 seconds away: %s', async (_where, bring) => {
    const on = await activeStage();
    await on.app.counter.stop();
    bring(on);
    const app = await on.startCounter();
    for (let looks = 0; looks < 6; looks += 1) {
      await app.sync();
      await app.until(() => !app.counter.status().sync.busy);
      const before = pulls(on);
      on.time.pass(30_000);
      await app.until(() => pulls(on) > before);
    }
  });
});
