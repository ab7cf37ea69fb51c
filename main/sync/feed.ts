// What the pull takes from a page of the feed.
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import type { HeldEntry } from '../mirror/entries.ts';

/** Entries of one request: as many as the server gives at most. */
export const mostAtOnce = 5_000;

export const asHeld = (entries: readonly FeedEntry[]): HeldEntry[] => entries.map((one) => ({ ...one, more: null }));
