// What went wrong with the files on this PC and was put right, for whoever supports it: the newest few, kept in the outbox,
// since the mirror may be what was begun anew.
import type { Outbox } from '../outbox/open.ts';
import { readSetting, saveSetting } from '../outbox/settings.ts';

/**
 * rows_repaired: entries were missing or altered and were fetched again. rows_dropped: other rows were altered and are listed
 * again. pulled_anew: the ledger did not fit and was pulled from its start. begun_anew: the file was set aside.
 */
export interface Incident {
  readonly what: 'rows_repaired' | 'rows_dropped' | 'pulled_anew' | 'begun_anew';
  readonly detail: string;
}

export type RecordedIncident = NonNullable<ReturnType<typeof readSetting<'incidents'>>>[number];

/** Newest first. */
export const readIncidents = (outbox: Outbox): readonly RecordedIncident[] => readSetting(outbox, 'incidents') ?? [];

const kept = 20;

/** now: trusted time. */
export function recordIncident(outbox: Outbox, now: Date, incident: Incident): void {
  saveSetting(outbox, 'incidents', [{ at: now.toISOString(), ...incident }, ...readIncidents(outbox)].slice(0, kept));
}
