// Works off what is due a chunk at a time, beside other processes that do the same: what another is busy with is left to it,
// and waited for only when nothing else is left, so that all is done when this returns.

export interface DueWork<Item, Done> {
  /** What is due after an item of the line, in the line's order; from the start for null. */
  list(after: Item | null): Promise<readonly Item[]>;
  /** One transaction; answers what it did, nothing where others held all of it or were faster. */
  take(items: readonly Item[], held: Held): Promise<readonly Done[]>;
  onDone(done: readonly Done[]): void;
  /** False once the program is to stop: the rest is left for the next run. */
  goesOn(): boolean;
}

/** What to do about a row that another transaction has locked. */
export type Held = 'leave' | 'wait';

/** Passes in a row that found something due and had nothing to do; more of them is a mistake of ours, not a fast neighbour. */
const mostIdlePasses = 1_000;

/** Whether all was done; false if it was told to stop before. */
export async function workOff<Item, Done>(work: DueWork<Item, Done>): Promise<boolean> {
  let held: Held = 'leave';
  for (let idle = 0; idle < mostIdlePasses; ) {
    const { listed, did }: { listed: number; did: number } = await pass(work, held);
    if (!work.goesOn()) return false;
    if (listed === 0) return true;
    held = did === 0 ? 'wait' : 'leave';
    idle = did === 0 ? idle + 1 : 0;
  }
  throw new Error('what is due stays due without end');
}

/** Once along the line; what lies behind the place where this process stands is seen by the next pass. */
async function pass<Item, Done>(work: DueWork<Item, Done>, held: Held) {
  let listed = 0;
  let did = 0;
  for (let after: Item | null = null; work.goesOn(); ) {
    const items: readonly Item[] = await work.list(after);
    const last = items.at(-1);
    if (last === undefined) break;
    after = last;
    listed += items.length;
    const done = await work.take(items, held);
    did += done.length;
    if (done.length > 0) work.onDone(done);
  }
  return { listed, did };
}
