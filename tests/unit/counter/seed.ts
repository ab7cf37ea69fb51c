// One seed for the generated cases of this folder: fixed, so that a run says the same today and tomorrow, and printed,
// so that a failing one can be run again. `FC_SEED=123 vitest run …` looks at other cases.
const fixedSeed = 20_261_122;

/** Options for fc.assert; prints the seed once per test file. */
export function generated(numRuns: number): { seed: number; numRuns: number } {
  return { seed, numRuns };
}

const seed = Number(process.env.FC_SEED ?? fixedSeed);
if (!Number.isSafeInteger(seed)) throw new Error('FC_SEED must be a whole number');
console.log(`generated cases of tests/unit/counter: FC_SEED=${seed}`);
