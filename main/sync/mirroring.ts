// What keeps the mirror true, as one: the pull, the check of rows that are held, and the past that is fetched behind a
// snapshot. Each tells the others what it found; what was put right is kept for support.
import { hash } from 'node:crypto';
import type { Notice } from '../../shared/contract/frames.ts';
import type { Mirror } from '../mirror/open.ts';
import { forgetPast } from '../mirror/past.ts';
import type { Outbox } from '../outbox/open.ts';
import type { Log, Random, Timers } from '../ports.ts';
import type { Session } from '../session/session.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import { type Backfill, createBackfill } from './backfill.ts';
import type { Client } from './client.ts';
import type { FeedAnswer } from './feed.ts';
import { createHeldCheck, type HeldCheck } from './held-check.ts';
import { type Incident, recordIncident } from './incidents.ts';
import { createPull, type Pull } from './pull.ts';

const sha256 = (text: string) => hash('sha256', text, 'hex');

export interface MirroringParts {
  readonly client: Pick<Client, 'feed'>;
  readonly outbox: Outbox;
  readonly mirror: Mirror;
  readonly session: Session;
  readonly time: TrustedTime;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly ending: AbortSignal;
  /** Called with each page that our server answered. */
  readonly onPage: (page: Pick<FeedAnswer, 'status' | 'serverTime'>) => void;
  readonly changed: (topics: Notice['topics']) => void;
  /** The server is to be asked again, for everything. */
  readonly poke: () => void;
}

export interface Mirroring {
  readonly pull: Pull;
  readonly past: Backfill;
  readonly held: HeldCheck;
}

export function createMirroring(parts: MirroringParts): Mirroring {
  const { mirror, log } = parts;
  const onIncident = (one: Incident) => recordIncident(parts.outbox, parts.time.now(), one);
  const held = createHeldCheck(mirror, sha256, parts.ending);
  const pull = createPull({ ...parts, held, sha256, onIncident });
  const past = createBackfill({
    ...parts,
    sha256,
    orgId: () => parts.session.saved()?.orgId ?? null,
    onHeld: (whole) => parts.changed(whole ? ['ledger', 'sync'] : ['sync']),
    onUnfit(fault) {
      log('error', 'the past of the ledger does not fit', { fault });
      forgetPast(mirror);
      held.doubt();
      parts.poke();
    },
  });
  mirror.onBegunAnew.tell = (reason) => {
    onIncident({ what: 'begun_anew', detail: reason });
    // Later: this may be the middle of a query, of a contact or of a screen's call.
    queueMicrotask(() => {
      parts.changed(['session', 'sync', 'status', 'purchases', 'ledger', 'documents']);
      parts.poke();
    });
  };
  return { pull, past, held };
}
