// What everybody in a life has at hand: the servers, the provider, the notes, and what is to happen when.
import type { Provider } from '../storm/provider.ts';
import type { Agenda } from './agenda.ts';
import type { Asker, Counter } from './counter.ts';

export const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

export interface World extends Asker {
  readonly seed: number;
  readonly begin: number;
  readonly end: number;
  readonly provider: Provider;
  /** Those that have signed up, by number. */
  readonly counters: Map<number, Counter>;
  /** What counters and operators do, by org. */
  readonly doings: Agenda<Doing>;
  /** What happens at the provider, at its second. */
  readonly money: Agenda<() => void>;
}

export interface Doing {
  readonly org: number;
  readonly act: () => Promise<void>;
}
