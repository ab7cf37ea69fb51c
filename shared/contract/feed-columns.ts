// The feed by columns: the same entries as a page of the feed in an eighth of its bytes, for counters that pull a long past.
// Numbers, balances and hashes are left out, since the counter computes them along the chain anyway: `last` says where it must
// come to, so that whatever was altered on the way shows at the page's end. Asked for by `Accept`; whoever does not ask, and a
// server that does not know it, speaks of plain entries.
import { z } from 'zod';
import { signedAmount } from '../ledger/entry.ts';
import { feedHead, feedPage } from './sync.ts';

export const feedColumnsType = 'application/vnd.pharmapulse.feed-columns+json';

/** Milliseconds since 1970, within the years that an instant can be written in. */
export const instantMs = z.int().min(-62_167_219_200_000).max(253_402_300_799_999);
const text = z.array(z.string().nullable());

/** One value an entry in each; entries stand in the order of their numbers, from the number after the one asked for. */
export const feedColumns = z.looseObject({
  delta: z.array(signedAmount),
  kind: z.array(z.string().min(1).max(64)),
  reference: text,
  idempotencyKey: text,
  actor: text,
  feature: text,
  occurredAt: z.array(instantMs),
  createdAt: z.array(instantMs),
});
export type FeedColumns = z.infer<typeof feedColumns>;

/** last: where the chain stands after the last of these entries; null where there are none. */
export const feedColumnsPage = feedPage.omit({ entries: true }).extend({
  columns: feedColumns,
  last: feedHead.nullable(),
});
export type FeedColumnsPage = z.infer<typeof feedColumnsPage>;
