// Whether answers that were given at once can be explained: is there an order of the operations, one after the other, in
// which the naive model gives exactly these answers? Orgs are looked at alone, since nothing binds two of them.
import { isDeepStrictEqual } from 'node:util';
import { type ModelOrg, type Operation, step, type Told } from './model.ts';

export interface Answered {
  readonly op: Operation;
  readonly answer: Told;
}

export interface Explained {
  /** The org after all of them; null when no order gives these answers. */
  readonly org: ModelOrg | null;
  /** Where no order was found: the longest one that still agrees, and what it could not go on with. */
  readonly stuck: readonly string[];
}

const mostLooks = 200_000;

export function explain(org: ModelOrg, all: readonly Answered[], now: number): Explained {
  const dead = new Set<string>();
  let looks = 0;
  let stuck: { readonly left: readonly Answered[]; readonly org: ModelOrg } = { left: all, org };

  const search = (at: ModelOrg, before: ReadonlySet<Answered>): ModelOrg | null => {
    looks += 1;
    if (looks > mostLooks) throw new Error('too many orders to look at');
    // What changes nothing here and agrees may stand here: it stands in nobody's way.
    const done = new Set(before);
    for (const one of all) if (!done.has(one) && isQuiet(at, one, now)) done.add(one);
    const left = all.filter((one) => !done.has(one));
    if (left.length === 0) return at;
    if (left.length < stuck.left.length) stuck = { left, org: at };
    const name = all.map((one) => (done.has(one) ? '1' : '0')).join('');
    if (dead.has(name)) return null;
    for (const one of left) {
      const next = moved(at, one, now);
      if (next === null) continue;
      const found = search(next, new Set(done).add(one));
      if (found !== null) return found;
    }
    dead.add(name);
    return null;
  };

  const found = search(org, new Set());
  return { org: found, stuck: found === null ? stuck.left.map((one) => tell(stuck.org, one, now)) : [] };
}

function stepped(org: ModelOrg, { op, answer }: Answered, now: number) {
  const { holdId } = (answer.body ?? {}) as { holdId?: string };
  return step(org, op, now, holdId ?? 'hold_not_given');
}

function isQuiet(org: ModelOrg, one: Answered, now: number): boolean {
  const next = stepped(org, one, now);
  return changesNothing(org, next.org) && isDeepStrictEqual(next.answer, one.answer);
}

/** The same entries and the same holds in the same states: keys come with one of them only. */
export const changesNothing = (before: ModelOrg, after: ModelOrg): boolean =>
  before.entries === after.entries && (before.holds === after.holds || isDeepStrictEqual(before.holds, after.holds));

/** The org after an operation that changes it and agrees with its answer; null for any other. */
function moved(org: ModelOrg, one: Answered, now: number): ModelOrg | null {
  const { entry } = (one.answer.body ?? {}) as { entry?: { seq: number } };
  if (entry !== undefined && entry.seq !== org.entries.length + 1) return null;
  const next = stepped(org, one, now);
  if (changesNothing(org, next.org) || !isDeepStrictEqual(next.answer, one.answer)) return null;
  return next.org;
}

const tell = (org: ModelOrg, one: Answered, now: number): string =>
  `${JSON.stringify(one.op)}\n  was answered ${JSON.stringify(one.answer)}\n  at ${org.entries.length} entries the model says ${JSON.stringify(stepped(org, one, now).answer)}`;
