// What happened in a world, as whoever stood beside it saw it: which buttons were pressed and what was answered, what left each
// counter, what its screen said. The auditor compares it with the files, the database and the provider. Plain data.

/** A button that was pressed. answered: the screen said "queued" (id is known then), before the power went. */
export interface Press {
  readonly pc: number;
  readonly intent: string;
  readonly sku: string;
  readonly quantity: number;
  readonly paise: number;
  readonly at: number;
  id: string | null;
}

/** A purchase that left a counter. onDisk: what its file said of it at that moment: when it was first sent, or nothing. */
export interface Sent {
  readonly pc: number;
  readonly id: string;
  readonly key: string;
  readonly at: number;
  readonly onDisk: string | null;
  /** The counter had been refused by the server, and had not joined again. */
  readonly revoked: boolean;
}

/** What a counter's screen said: `at` by the server's clock, the rest as it was shown. */
export interface Look {
  readonly pc: number;
  readonly at: number;
  readonly connection: string;
  readonly problem: string | null;
  readonly verifiedAt: string | null;
  readonly ageSeconds: number | null;
  readonly seq: number;
  readonly balance: number;
}

export interface Diary {
  readonly seed: number;
  orgId: string | null;
  readonly presses: Press[];
  readonly sent: Sent[];
  readonly looks: Look[];
  /** Purchases whose cancel was answered with "cancelled", by id. */
  readonly cancelled: Set<string>;
  /** Things that are wrong by themselves. */
  readonly quarrels: string[];
  /** Each kind of thing that happened, and how often. */
  readonly happened: Map<string, number>;
}

export function openDiary(seed: number): Diary {
  return {
    ...{ seed, orgId: null, presses: [], sent: [], looks: [], quarrels: [] },
    ...{ cancelled: new Set<string>(), happened: new Map<string, number>() },
  };
}

export function note({ happened }: Diary, what: string): void {
  happened.set(what, (happened.get(what) ?? 0) + 1);
}
