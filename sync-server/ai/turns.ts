// Equal requests take turns: one at a time for each name, in no promised order. Of this process only; other processes are
// seen in the database.
export interface Turns {
  /** Waits for the turn. Comes back with how to end it, or with null if the signal was first; asked for only to wait. */
  take(name: string, patience: () => AbortSignal): Promise<(() => void) | null>;
}

export function oneAtATime(): Turns {
  const taken = new Map<string, Promise<void>>();
  return {
    take: async (name, patience) => {
      for (let before = taken.get(name); before !== undefined; before = taken.get(name)) {
        const signal = patience();
        await Promise.race([before, whenAborted(signal)]);
        if (signal.aborted) return null;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      taken.set(name, promise);
      return () => {
        if (taken.get(name) === promise) taken.delete(name);
        resolve();
      };
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
