// Fetches the past behind a snapshot: page after page from the oldest on, behind everything that somebody waits for, until it
// meets the place where the newest entries were taken from. A page is on the disk before the next one is stored, so whatever
// breaks off is gone on with where it stood.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sha256 } from '../../shared/ledger/chain.ts';
import { BegunAnew } from '../mirror/guard.ts';
import type { Mirror } from '../mirror/open.ts';
import { filledTo, storePast } from '../mirror/past.ts';
import { readPast } from '../mirror/walk.ts';
import type { Log, Random, Timer, Timers } from '../ports.ts';
import type { Answer } from './answer.ts';
import { contactBackoff, waitMs } from './backoff.ts';
import type { Client } from './client.ts';
import { chained, type FeedAnswer, mostAtOnce } from './feed.ts';

export interface Backfill {
  /** Begins to fetch what is missing, unless that is under way; returns at once. */
  readonly fill: () => void;
  /** Resolves when nothing is under way any more; to be called when the client's requests have been ended. */
  readonly stop: () => Promise<void>;
}

export interface BackfillParts {
  readonly client: Pick<Client, 'feed'>;
  readonly mirror: Mirror;
  readonly sha256: Sha256;
  readonly orgId: () => string | null;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** More is held; whole: all of it. */
  readonly onHeld: (whole: boolean) => void;
  /** What the server has does not meet what we hold. */
  readonly onUnfit: (fault: string) => void;
}

/** How a turn ended. put_off: to be gone on with later. */
type Ended =
  | { readonly kind: 'whole' | 'unfit' | 'stopped' }
  | { readonly kind: 'put_off'; readonly retryAfterMs: number | null };

const pagesATelling = 10;

export function createBackfill(parts: BackfillParts): Backfill {
  const { mirror, client } = parts;
  let stopped = false;
  let filling: Promise<void> | null = null;
  let later: Timer | null = null;
  let failures = 0;

  const fillUp = async (orgId: string): Promise<Ended> => {
    let ahead: { after: number; answer: Promise<Answer<FeedAnswer>> } | null = null;
    const ask = (after: number, to: number) => client.feed(after, Math.min(mostAtOnce, to - after));
    for (let pages = 1; !stopped; pages += 1) {
      const past = readPast(mirror);
      if (past === null) return { kind: 'whole' };
      const from = filledTo(mirror, past.seq);
      const answer = await (ahead?.after === from.seq ? ahead.answer : ask(from.seq, past.seq));
      if (stopped) break;
      if (answer.kind !== 'ok')
        return { kind: 'put_off', retryAfterMs: answer.kind === 'later' ? answer.retryAfterMs : null };
      const next = Math.min(from.seq + mostAtOnce, past.seq);
      // On its way while this page is checked and written.
      ahead = next < past.seq ? { after: next, answer: ask(next, past.seq) } : null;
      // The request leaves now; and the screen has its turn.
      await nextTurn();
      if (stopped) break;
      const page = chained(orgId, from, answer.value, parts.sha256);
      const meets = page.ok && (page.head.seq < past.seq || page.head.hash === past.hash);
      if (!page.ok || !meets || page.entries.length === 0) {
        parts.onUnfit(page.ok ? `the past does not meet entry ${past.seq + 1}` : page.fault);
        return { kind: 'unfit' };
      }
      storePast(mirror, from, page.entries, page.head.seq === past.seq);
      failures = 0;
      if (pages % pagesATelling === 0) parts.onHeld(false);
    }
    return { kind: 'stopped' };
  };
  const fill = () => {
    const orgId = parts.orgId();
    if (stopped || filling !== null || orgId === null || readPast(mirror) === null) return;
    later?.cancel();
    filling = fillUp(orgId)
      .catch((error: unknown): Ended => {
        if (!(error instanceof BegunAnew)) parts.log('error', 'the past was not fetched', { reason: String(error) });
        return { kind: 'put_off', retryAfterMs: null };
      })
      .then((ended) => {
        filling = null;
        if (stopped) return;
        if (ended.kind === 'whole') parts.onHeld(true);
        if (ended.kind === 'put_off') again(ended.retryAfterMs);
      });
  };
  const again = (retryAfterMs: number | null) => {
    later = parts.timers.after(waitMs(contactBackoff, failures, parts.random(), retryAfterMs), fill);
    failures += 1;
  };
  return {
    fill,
    async stop() {
      stopped = true;
      later?.cancel();
      await filling;
    },
  };
}
