// Random operations by many counters of several orgs, on one server and on two of one database. One at a time: the naive
// model foretells every answer and every row, and the rules are looked at after each. At once: the answers must be those of
// some order, and the rules hold also while others write. LEDGER_SEED repeats a run, LEDGER_RUNS makes it longer, and
// LEDGER_SHRINK looks for the shortest list that fails.
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, changesNothing, explain } from './explain.ts';
import { type ModelOrg, type Operation, step } from './model.ts';
import { booksOf, contentOf, faultsOf, readBooks } from './rules.ts';
import { busyKinds, operationOf, type Wish, wish } from './wishes.ts';
import { type Population, type World, worldOf } from './world.ts';

const seed = Number(process.env.LEDGER_SEED ?? randomInt(1, 1_000_000_000));
const runs = Number(process.env.LEDGER_RUNS ?? 2);
/** A database is given up after so many runs: looking at all of it after each operation becomes slow. */
const runsInOneWorld = 12;
console.log(`ledger properties: LEDGER_SEED=${seed} LEDGER_RUNS=${runs}`);
const checking = { seed, numRuns: runs, endOnFailure: process.env.LEDGER_SHRINK === undefined, verbose: 0 } as const;
const timeout = 30_000 + runs * 10_000;

const counted = new Map<string, number>();
const count = (what: string) => counted.set(what, (counted.get(what) ?? 0) + 1);
afterAll(() => console.log(`ledger properties: ${[...counted].map(([what, times]) => `${what} ${times}`).join(', ')}`));

/** A world that is made new now and then. */
function renewed(servers: 1 | 2) {
  let world: World;
  let used = 0;
  beforeAll(async () => {
    world = await worldOf(servers);
  });
  afterAll(() => world.dispose());
  return async (): Promise<World> => {
    used += 1;
    if (used % runsInOneWorld === 0) {
      await world.dispose();
      world = await worldOf(servers);
    }
    return world;
  };
}

/** Time goes on a little at every operation, and in the steps of holds now and then. */
interface Timed extends Wish {
  readonly pass: 'little' | 'to the end of a hold';
  readonly by: number;
}
const timed: fc.Arbitrary<Timed> = fc
  .tuple(wish(busyKinds), fc.nat(99), fc.constantFrom(-1, -1, 0, 1))
  .map(([one, pass, by]) => {
    const often = one.kind === 'capture' || one.kind === 'release' ? 25 : 3;
    return { ...one, pass: pass < often ? 'to the end of a hold' : 'little', by };
  });

/** Whoever asks for a hold often does so at its very end; all others at that of any. */
function passTime({ clock }: World, orgs: readonly ModelOrg[], op: Operation, { pass, by, at }: Timed): void {
  clock.advance(1 + (at % 3));
  const own = 'holdId' in op ? op.holdId : null;
  const ends = orgs
    .flatMap(({ holds }) =>
      holds
        .filter(({ state, holdId }) => state === 'open' && (own === null || own === holdId))
        .map(({ expiresAt }) => Date.parse(expiresAt) + by),
    )
    .filter((end) => end > clock.now().getTime())
    .toSorted((a, b) => a - b);
  const end = ends[at % Math.min(ends.length, 3)];
  if (pass === 'to the end of a hold' && end !== undefined) clock.set(new Date(end).toISOString());
}

/** Every org after an operation: the job works for all of them, all else for one. */
function stepped(orgs: readonly ModelOrg[], op: Operation, now: number, holdId: string) {
  const steps = orgs.map((org) => (op.kind === 'expire' || org.orgId === op.orgId ? step(org, op, now, holdId) : null));
  return {
    orgs: orgs.map((org, at) => steps[at]?.org ?? org),
    answer: steps.find((one) => one !== null)?.answer,
  };
}

async function expectRules(world: World, orgs: readonly ModelOrg[], after: string): Promise<void> {
  const books = await readBooks(
    world.client,
    orgs.map(({ orgId }) => orgId),
  );
  expect(books.flatMap(faultsOf), after).toEqual([]);
  expect(books, after).toEqual(orgs.map(booksOf).toSorted((a, b) => (a.orgId < b.orgId ? -1 : 1)));
}

async function oneByOne(world: World, wishes: readonly Timed[]): Promise<void> {
  const people = await world.orgs();
  let { orgs } = people;
  const asked: Operation[] = [];
  let content = await contentOf(world.client);
  for (const [at, one] of wishes.entries()) {
    const op = operationOf(one, people, { orgs, asked, now: world.clock.now().getTime() }, `key-${at}`);
    passTime(world, orgs, op, one);
    const after = `operation ${at} on server ${one.server}: ${JSON.stringify(op)}`;
    const answer = await world.ask(people, op, one.server);
    const { holdId = '' } = (answer.body ?? {}) as { holdId?: string };
    const foretold = stepped(orgs, op, world.clock.now().getTime(), holdId);
    expect(answer, after).toEqual(foretold.answer);
    const now = await contentOf(world.client);
    if (orgs.every((org, place) => changesNothing(org, foretold.orgs[place] ?? org))) expect(now, after).toBe(content);
    else expect(now, after).not.toBe(content);
    content = now;
    orgs = foretold.orgs;
    asked.push(op);
    await expectRules(world, orgs, after);
    count(`${op.kind} ${answer.status}`);
  }
}

describe.each([1, 2] as const)('%s server(s), one operation at a time', (servers) => {
  const worldNow = renewed(servers);

  test('every answer and every row is as the model foretells, the six rules hold after each operation, and what is refused or repeated leaves every byte', {
    timeout,
  }, async () => {
    const list = fc.array(timed, { minLength: 40, maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(list, async (wishes) => oneByOne(await worldNow(), wishes)),
      checking,
    );
  });
});

/** Looks at the books again and again, on a connection of its own, until the work is done; each look is one moment. */
async function watched<T>(world: World, { orgs }: Population, work: Promise<T>): Promise<T> {
  const client = new Client({ connectionString: world.servers[0]?.parts.config.databaseUrl ?? '' });
  await client.connect();
  const ids = orgs.map(({ orgId }) => orgId);
  let working = true;
  const looking = (async () => {
    for (; working; count('looks meanwhile')) {
      expect((await readBooks(client, ids)).flatMap(faultsOf), 'in the middle of a batch').toEqual([]);
    }
  })();
  const ended = await Promise.allSettled([work]);
  working = false;
  const looked = await Promise.allSettled([looking]);
  await client.end();
  for (const one of [...looked, ...ended]) if (one.status === 'rejected') throw one.reason;
  return work;
}

async function atOnce(world: World, batches: readonly (readonly Wish[])[]): Promise<void> {
  const people = await world.orgs();
  let { orgs } = people;
  const asked: Operation[] = [];
  for (const [at, wishes] of batches.entries()) {
    world.clock.advance(1 + (wishes.length % 3) * 2_500);
    const now = world.clock.now().getTime();
    const ops = wishes.map((one, place) => {
      const op = operationOf(one, people, { orgs, asked, now }, `key-${at}-${place}`);
      asked.push(op);
      return op;
    });
    const asking = ops.map((op, place) => world.ask(people, op, wishes[place]?.server ?? 0));
    const answers = await watched(world, people, Promise.all(asking));
    const answered = ops.map((op, place): Answered => ({ op, answer: answers[place] ?? { status: 0, body: null } }));
    orgs = orgs.map((org) => {
      const own = answered.filter(({ op }) => op.kind === 'expire' || op.orgId === org.orgId);
      const { org: after, stuck } = explain(org, own, now);
      if (after === null) throw new Error(`batch ${at}: no order explains\n${stuck.join('\n')}`);
      return after;
    });
    await expectRules(world, orgs, `batch ${at}`);
    for (const { op, answer } of answered) count(`${op.kind} ${answer.status}`);
  }
}

describe.each([1, 2] as const)('%s server(s), many operations at once', (servers) => {
  const worldNow = renewed(servers);

  test('the answers are those of some order of the operations, every row is as that order leaves it, and the rules hold at every moment between', {
    timeout,
  }, async () => {
    const batch = fc.array(wish(busyKinds), { minLength: 8, maxLength: 40, size: 'max' });
    const list = fc.array(batch, { minLength: 4, maxLength: 10, size: 'max' });
    await fc.assert(
      fc.asyncProperty(list, async (batches) => atOnce(await worldNow(), batches)),
      checking,
    );
  });
});
