// What a benchmark yields: a titled table of measured rows, and what the rows are held against.
export interface Section {
  readonly title: string;
  /** How it was measured, in a line or two. */
  readonly how: string;
  readonly rows: readonly Row[];
  /** Ratios between rows, with the bound they are held against. */
  readonly ratios: readonly Ratio[];
  readonly notes?: readonly string[];
}

export interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Cores used by this Node process, by PostgreSQL, and resident memory of this process. */
  readonly nodeCpu?: number;
  readonly postgresCpu?: number;
  readonly rssMb?: number;
}

export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly bound: string;
  readonly met: boolean;
}
