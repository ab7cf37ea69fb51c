// The feed: how a counter's mirror follows the ledger. The server's sequence is the cursor; no clock orders anything.
import { z } from 'zod';
import { feedEntry, instant } from '../ledger/entry.ts';
import { billingStatus } from './billing.ts';

export const mostFeedEntries = 5000;

/**
 * With `after=0&snapshot=1`, a ledger of more than `limit` entries is answered with its newest `limit` of them, this many at
 * most, and with where the chain stands before those; a shorter one as without.
 */
export const mostSnapshotEntries = 500;

/** Missing parts of the query take the defaults; anything else out of range is refused. */
export const feedQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(mostFeedEntries).default(1000),
  snapshot: z.enum(['0', '1']).optional(),
});

/** seq, balance and hash of the last entry there is; seq 0, balance 0 and 64 zeros before the first. */
export const feedHead = z.object({ seq: z.int().min(0), balance: z.int().min(0), hash: z.string() });

export const feedPage = z.object({
  entries: z.array(feedEntry),
  head: feedHead,
  /** In place of the past up to and with `seq`: where the chain stands there. The entries begin behind it. */
  snapshot: feedHead.optional(),
  status: billingStatus,
  serverTime: instant,
});
export type FeedPage = z.infer<typeof feedPage>;

/** `data` of `event: changed` on the event stream: something is new, pull. */
export const changedEvent = z.object({ seq: z.int().min(0) });
