// How many questions the provider is asked at once, and when a run of them ends early: a provider that is away is not asked
// on, so that looking at old purchases never costs a customer the way to pay.
import type { Outcome } from '../providers/port.ts';

const lanes = 4;
/** Fewer than what opens the circuit, which would turn customers away as well. */
const mostUnanswered = 4;

export interface Asking {
  answered(outcome: Outcome<unknown>): void;
  /** Nothing more is asked in this run: what is under way ends. */
  ended(): boolean;
  end(): void;
}

/** `goesOn`: asked before each question; false ends the run as well. */
export function startAsking(goesOn: () => boolean): Asking {
  let unanswered = 0;
  let ended = false;
  return {
    answered: (outcome) => {
      if (outcome.ok || outcome.kind === 'refused') unanswered = 0;
      else if (outcome.kind === 'unknown') unanswered += 1;
      if ((!outcome.ok && outcome.kind === 'unavailable') || unanswered >= mostUnanswered) ended = true;
    },
    ended: () => ended || !goesOn(),
    end: () => {
      ended = true;
    },
  };
}

/** Does the work for each item, a few at once, until the run ends. Rejects with the first failure, when all have ended. */
export async function inLanes<T>(items: readonly T[], asking: Asking, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) {
      if (asking.ended()) return;
      try {
        await work(item);
      } catch (error) {
        asking.end();
        throw error;
      }
    }
  };
  for (const done of await Promise.allSettled(Array.from({ length: lanes }, lane))) {
    if (done.status === 'rejected') throw done.reason;
  }
}
