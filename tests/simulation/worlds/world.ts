// One world: a pharmacy with 2 to 6 counters, what its people and the operator do, and what befalls the counters. All of it is
// decided by the seed; time is the batch's. Knows nothing of how the auditor judges.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { chanceOf, oneOf } from '../storm/chance.ts';
import { mend, weather } from './befall.ts';
import { type Diary, note, openDiary } from './diary.ts';
import { createBusy, type Doing, type Ground } from './ground.ts';
import { Pc } from './pc.ts';
import { people } from './people.ts';
import { createWire } from './wire.ts';

export interface World {
  readonly seed: number;
  readonly diary: Diary;
  readonly pcs: readonly Pc[];
  /** One step at the batch's time, `since` milliseconds after the one before. */
  step(number: number, since: number): Promise<void>;
  /** The network is whole again, everybody is switched on, and nobody presses anything. */
  heal(number: number, since: number): Promise<void>;
  end(): Promise<void>;
  /** What it waits for, where SIM_STALL is set. */
  readonly under: ReadonlySet<string>;
}

export function createWorld(seed: number, ground: Ground): World {
  const diary = openDiary(seed);
  const chance = chanceOf(seed, 'world');
  const busy = createBusy();
  const folder = mkdtempSync(join(ground.folder, `w${seed}-`));
  const count = Number(oneOf(chance, { '2': 46, '3': 30, '4': 14, '5': 6, '6': 4 }));
  const address = (pc: number) => `10.${(seed >> 12) & 255}.${(seed >> 4) & 255}.${((seed & 15) << 4) + pc}`;
  const pcs = Array.from({ length: count }, (_, number) => {
    const own = chanceOf(seed, 'pc', number);
    const name = `counter${number}`;
    const noting = (what: string) => note(diary, what);
    const wire = createWire({
      chance: chanceOf(seed, 'wire', number),
      now: ground.now,
      ask: (ask) => busy.during(ground.ask(ask, address(number))),
      note: noting,
    });
    const pc: Pc = new Pc({
      ...{ number, name, folder, chance: own, wire, now: ground.now, during: busy.during, note: noting },
      openStream: ground.openStream,
      quarrel: (what) => diary.quarrels.push(what),
      sent: (what) => diary.sent.push({ pc: number, at: ground.now(), ...what }),
    });
    return pc;
  });
  const world: Doing = {
    seed,
    ground,
    diary,
    chance,
    pcs,
    busy,
    presses: 0,
    joining: new Set(),
    calm: chance.is(0.8) ? 4 : 1,
  };
  return {
    seed,
    diary,
    pcs,
    under: busy.under,
    async step(number, since) {
      await weather(world, number);
      await carryOn(pcs, since);
      await people(world, number);
      await busy.settled();
      if (chance.is(0.3)) look(world);
    },
    async heal(number, since) {
      await mend(world, number);
      await carryOn(pcs, since);
      await busy.settled();
      if (number !== 1) look(world);
    },
    async end() {
      for (const pc of pcs) await pc.end();
      await busy.settled();
    },
  };
}

/** What the server said is heard first, then timers: a stream on which there was a word is not taken for dead. */
async function carryOn(pcs: readonly Pc[], since: number): Promise<void> {
  for (const pc of pcs) {
    if (pc.parts.wire.weather !== 'offline') pc.parts.wire.release();
    pc.hear(since >= 15_000);
  }
  await turn();
  for (const pc of pcs) pc.fire();
}

/** What each screen says, beside the server's time. */
function look({ pcs, diary, ground }: Doing): void {
  for (const pc of pcs) {
    if (pc.asleep) continue;
    const view = pc.status();
    if (view === null || view.credits === null) continue;
    const { connection, problem, verifiedAt, ageSeconds } = view.sync;
    const { seq, balance } = view.credits;
    const said = { connection, problem, verifiedAt, ageSeconds, seq, balance };
    diary.looks.push({ pc: pc.parts.number, at: ground.now(), ...said });
  }
}
