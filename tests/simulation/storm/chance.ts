// Chance by a seed: the same seed gives the same numbers. Knows nothing of what is decided with them.
export interface Chance {
  /** From 0 to below 1. */
  next(): number;
  /** True in so many of 1. */
  is(share: number): boolean;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
}

/** Mulberry32. `parts`: what the numbers are for; other parts give other numbers. */
export function chanceOf(...parts: readonly (string | number)[]): Chance {
  let at = 2_166_136_261;
  for (const letter of parts.join('/')) at = Math.imul(at ^ letter.charCodeAt(0), 16_777_619);
  const next = () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { next, is: (share) => next() < share, below: (count) => Math.floor(next() * count) };
}

/** One of the names, each as often as its weight says. */
export function oneOf<T extends string>(chance: Chance, weights: Readonly<Record<T, number>>): T {
  const all = Object.entries(weights) as [T, number][];
  let left = chance.next() * all.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of all) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new Error('nothing to choose from');
}
