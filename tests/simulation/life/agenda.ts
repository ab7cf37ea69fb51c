// What is to happen when: wishes by time, taken when their time has come. Knows no clock and nothing of what is wished.
export interface Planned<T> {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly what: T;
}

export interface Agenda<T> {
  plan(at: number, what: T): void;
  /** Takes everything of until then, in order. */
  due(until: number): readonly Planned<T>[];
  readonly size: number;
}

export function openAgenda<T>(): Agenda<T> {
  let planned: Planned<T>[] = [];
  return {
    plan: (at, what) => void planned.push({ at, what }),
    due: (until) => {
      const due = planned.filter(({ at }) => at <= until);
      planned = planned.filter(({ at }) => at > until);
      return due.toSorted((a, b) => a.at - b.at);
    },
    get size() {
      return planned.length;
    },
  };
}
