// Owns the circuit breaker: after several calls in a row that got no clear answer, further calls are answered at once
// for a few seconds, so that a provider that hangs does not hold every request for the whole time-out. After that one
// call at a time is let through to try. Knows nothing of what is called.

export interface Clock {
  now(): Date;
}

export interface Circuit {
  /** Null: go on, and `report` when done. A number: do not call; try again in so many seconds. */
  refusesForSeconds(): number | null;
  report(answered: boolean): void;
}

export interface CircuitOptions {
  readonly clock: Clock;
  readonly failuresToOpen: number;
  readonly openMs: number;
}

export function createCircuit({ clock, failuresToOpen, openMs }: CircuitOptions): Circuit {
  let failuresInARow = 0;
  let openedAtMs: number | null = null;
  let trying = false;
  return {
    refusesForSeconds() {
      if (openedAtMs === null) return null;
      const leftMs = openedAtMs + openMs - clock.now().getTime();
      // A clock that was set back must not keep the circuit open for longer than it was meant to be.
      if (leftMs > 0 && leftMs <= openMs) return Math.ceil(leftMs / 1000);
      if (trying) return 1;
      trying = true;
      return null;
    },
    report(answered) {
      trying = false;
      if (answered) {
        failuresInARow = 0;
        openedAtMs = null;
        return;
      }
      failuresInARow += 1;
      if (failuresInARow >= failuresToOpen) openedAtMs = clock.now().getTime();
    },
  };
}
