// How old what is shown is, in words. There is no word for "synced" in here.
import type { SyncView } from '../../shared/contract/overview-view.ts';
import type { Messages } from './en.ts';

/**
 * What to say of the data. seen: when it is from, null before the first contact; ago: null while nobody knows. until: how long the
 * server asked to be left alone; null when it did not.
 */
export function dataSentence(
  text: Messages,
  connection: SyncView['connection'],
  seen: string | null,
  ago: string | null,
  until: string | null = null,
): string {
  const { sync } = text;
  if (until !== null && connection === 'offline') return sync.askedFrom(until, seen, ago);
  if (seen === null) {
    if (connection === 'refused') return sync.refusedNever;
    return connection === 'offline' ? sync.neverOffline : sync.neverOnline;
  }
  if (connection === 'refused') return sync.refusedFrom(seen, ago);
  return connection === 'offline' ? sync.offlineFrom(seen, ago) : sync.dataFrom(seen, ago);
}
