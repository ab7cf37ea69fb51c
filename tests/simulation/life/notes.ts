// What is noted while orgs live: for the auditor, and for the question whether the run was empty.
import type { LoggedPurchase, LoggedSample, LoggedSpend, LoggedWish } from './auditor-log.ts';

export interface Notes {
  readonly orgs: { org: string; signedUpAt: number }[];
  readonly purchases: LoggedPurchase[];
  readonly spends: LoggedSpend[];
  readonly wishes: LoggedWish[];
  readonly samples: LoggedSample[];
  readonly runs: number[];
  /** What was answered otherwise than the contract says. */
  readonly quarrels: string[];
  /** What happened, by name: how often. */
  readonly happened: Map<string, number>;
}

export const openNotes = (): Notes => ({
  ...{ orgs: [], purchases: [], spends: [], wishes: [], samples: [], runs: [], quarrels: [] },
  happened: new Map(),
});

export function noteThat(notes: Notes, what: string): void {
  notes.happened.set(what, (notes.happened.get(what) ?? 0) + 1);
}
