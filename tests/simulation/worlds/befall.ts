// What befalls the counters: bad network, clocks that jump, sleep, and the power that goes at rest, at any write and at any request.
import { oneOf } from '../storm/chance.ts';
import { note } from './diary.ts';
import type { Doing } from './ground.ts';
import type { Pc } from './pc.ts';
import { joinOrg } from './people.ts';
import { rot } from './rot.ts';
import type { Weather } from './wire.ts';

export async function weather(world: Doing, number: number): Promise<void> {
  for (const pc of world.pcs) {
    if (number < world.calm) await calmStart(pc);
    else await befall(world, pc);
  }
}

async function calmStart(pc: Pc): Promise<void> {
  if (!pc.on) await begin(pc, null, true);
}

async function begin(pc: Pc, cutIn: number | null, booted: boolean): Promise<void> {
  await pc.end();
  const { chance } = pc.parts;
  pc.streamMode = oneOf(chance, { muted: 6, refused: 1, open: 2 });
  pc.asleep = false;
  await pc.start(cutIn, booted);
}

const clockFaults = [0, 7_200_000, -7_200_000, 86_400_000, -3_000_000_000_000, 3_000_000_000_000, 150_000];

async function befall(world: Doing, pc: Pc): Promise<void> {
  const { chance, diary } = world;
  const { wire } = pc.parts;
  const before = wire.weather;
  wire.weather = oneOf<Weather>(chance, { calm: 5, rough: 4, offline: 2 });
  if (wire.weather === 'offline' && before !== 'offline') pc.breakStreams();
  wire.pageSize = chance.is(0.15) ? 1 + chance.below(3) : null;
  if (chance.is(0.06)) {
    pc.skewMs = clockFaults[chance.below(clockFaults.length)] ?? 0;
    note(diary, 'clock jumped');
  }
  if (!pc.on) {
    if (chance.is(0.5)) await switchOn(world, pc);
    return;
  }
  if (pc.asleep) {
    if (chance.is(0.55)) return;
    pc.asleep = false;
    note(diary, 'woke up');
    if (chance.is(0.5)) pc.wake();
  } else if (chance.is(0.4)) {
    pc.asleep = true;
    note(diary, 'fell asleep');
    return;
  }
  if (chance.is(0.06)) {
    await pc.end();
    note(diary, 'switched off');
  } else if (chance.is(0.03)) pc.cutNow();
  else if (chance.is(0.14)) pc.cutAfterWrites(1 + chance.below(25));
  else if (chance.is(0.08)) pc.wireCut = { in: 1 + chance.below(4), when: chance.is(0.6) ? 'after' : 'before' };
}

async function switchOn(world: Doing, pc: Pc): Promise<void> {
  const { chance, diary } = world;
  await pc.end();
  if (chance.is(0.12)) {
    note(diary, rot(pc.folder, chance));
    pc.spoiled = true;
  }
  await begin(pc, chance.is(0.08) ? 1 + chance.below(12) : null, chance.is(0.5));
}

/** The network is whole, everybody is switched on, and those that were shut out may join again. */
export async function mend(world: Doing, number: number): Promise<void> {
  for (const pc of world.pcs) {
    pc.parts.wire.weather = 'calm';
    pc.parts.wire.pageSize = null;
    pc.wireCut = null;
    if (!pc.on) await begin(pc, null, true);
    else pc.cutAfterWrites(Number.MAX_SAFE_INTEGER);
    if (pc.asleep) {
      pc.asleep = false;
      pc.wake();
    }
    // Most of those that were shut out join again; some never do.
    if (!pc.joined() && number < 1 && world.seed % 3 !== 0) joinOrg(world, pc);
  }
  await world.busy.settled();
}
