// Time that does not believe the PC.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTrustedTime } from '../../../main/session/trusted-time.ts';
import { activeStage } from '../../fakes/played-stage.ts';
import { playedTime } from '../../fakes/played-time.ts';

function trusted(saved: string | null = null) {
  const played = playedTime();
  const kept: string[] = [];
  const time = createTrustedTime({ ...played, saved, save: (at) => kept.push(at) });
  return { played, time, kept };
}

const server = '2026-11-22T09:30:00.000Z';

describe('trusted time', () => {
  test('after a contact it is server time plus monotonic time, wherever the clock is set to', () => {
    const { played, time } = trusted();
    time.contact(server);
    fc.assert(
      fc.property(fc.integer({ min: -3_000_000_000_000, max: 3_000_000_000_000 }), fc.nat(86_400_000), (jump, ms) => {
        played.setClock(new Date(Date.parse(server) + jump).toISOString());
        const before = time.now().getTime();
        played.pass(ms);
        expect(time.now().getTime() - before).toBe(ms);
      }),
    );
  });

  test('a clock set back by more than two minutes is told, by two it is not', () => {
    const { played, time } = trusted();
    time.contact(server);
    played.setClock('2026-11-22T09:28:00.000Z');
    expect(time.verdict()).toBe('right');
    played.setClock('2026-11-22T09:27:59.000Z');
    expect(time.verdict()).toBe('wrong');
  });

  test('a clock that is wrong at the contact, either way, is told until it is right at one', () => {
    const { played, time } = trusted();
    for (const wrong of ['2026-11-22T09:33:00.000Z', '2026-11-22T09:27:00.000Z']) {
      played.setClock(wrong);
      time.contact(server);
      expect(time.verdict()).toBe('wrong');
    }
    played.setClock('2026-11-22T09:31:00.000Z');
    time.contact(server);
    expect(time.verdict()).toBe('right');
  });

  test('before the first contact of a start, time is never behind what a server once said', () => {
    const { played, time } = trusted('2026-12-24T00:00:00.000Z');
    expect(time.now().toISOString()).toBe('2026-12-24T00:00:00.000Z');
    expect(time.verdict()).toBe('wrong');
    played.setClock('2026-12-24T10:00:00.000Z');
    expect(time.now().toISOString()).toBe('2026-12-24T10:00:00.000Z');
    expect(time.verdict()).toBe('unknown');
  });

  test("what is kept is the server's word only, and it heals when the server corrects itself", () => {
    const { played, time, kept } = trusted('2126-01-01T00:00:00.000Z');
    played.setClock('2200-01-01T00:00:00.000Z');
    time.contact(server);
    expect(kept).toEqual([server]);
    expect(time.now().toISOString()).toBe(server);
  });

  test('a wrong clock signs nobody out, deletes nothing, and moves no plan date', async () => {
    const on = await activeStage();
    on.server.fault('drop', '/api');
    const { plan, credits } = on.app.counter.status();
    for (const now of ['1926-01-01T00:00:00.000Z', '2126-01-01T00:00:00.000Z', '2026-11-22T09:00:00.000Z']) {
      on.time.setClock(now);
      expect(on.app.counter.status()).toMatchObject({ plan, credits, session: { state: 'active' } });
    }
    expect(on.app.counter.status().sync.clock).toBe('wrong');
  });
});
