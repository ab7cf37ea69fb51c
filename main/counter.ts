// The counter on one screen: what is made of what, and who tells whom. Hosts give it a folder and the machine's ports and
// attach renderers; tests do the same with played ones.
import type { Notice } from '../shared/contract/frames.ts';
import type { OverviewView } from '../shared/contract/overview-view.ts';
import { openData } from './disk/data.ts';
import { createAnnouncer } from './ipc/announcer.ts';
import { createCallTable } from './ipc/call-table.ts';
import type { Channel } from './ipc/channel.ts';
import type { Words } from './ipc/notices.ts';
import { viewOverview } from './ipc/overview.ts';
import { createPayingWatch } from './ipc/paying-watch.ts';
import { createBridge } from './ipc/serve.ts';
import { readItems } from './outbox/items.ts';
import { readSetting, saveSetting } from './outbox/settings.ts';
import type {
  Clock,
  Desktop,
  Fetch,
  FileDesk,
  Ids,
  Log,
  Monotonic,
  OpenExternal,
  Random,
  SecretStore,
  Timers,
} from './ports.ts';
import { type Claims, createClaims } from './session/claims.ts';
import { createSession } from './session/session.ts';
import { createTrustedTime, type TrustedTime } from './session/trusted-time.ts';
import { nextLookMs } from './sync/cadence.ts';
import { createClient } from './sync/client.ts';
import { type Cycle, createCycle } from './sync/cycle.ts';
import { nextDueMs } from './sync/deliver.ts';
import { createDocumentBook } from './sync/document-book.ts';
import type { FeedAnswer } from './sync/feed.ts';
import { type RecordedIncident, readIncidents } from './sync/incidents.ts';
import { createLoop, type Loop } from './sync/loop.ts';
import { createMirroring } from './sync/mirroring.ts';
import { createPdfShelf } from './sync/pdf-shelf.ts';
import { createPurchaseBook } from './sync/purchase-book.ts';
import { createPush } from './sync/push.ts';

/** dataDir: made if missing, for one counter at a time. serverUrl: origin of the sync server, no slash at its end. */
export interface CounterParts {
  readonly dataDir: string;
  readonly serverUrl: string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  readonly random: Random;
  readonly ids: Ids;
  readonly fetch: Fetch;
  readonly timers: Timers;
  readonly secrets: SecretStore;
  readonly openExternal: OpenExternal;
  readonly files: FileDesk;
  readonly desktop?: Desktop;
  readonly log: Log;
}

export interface Counter {
  /** Opens the session and begins to sync. Calls that came before wait for it. */
  readonly start: () => Promise<void>;
  /** Serves one renderer; the function that it returns stops serving it. */
  readonly serve: (channel: Channel) => () => void;
  /** For the host itself (tray, operating-system notices): called with each notice. Returns how to stop. */
  readonly subscribe: (listener: (notice: Notice) => void) => () => void;
  /** For the host itself: called with the words of each notice, once for ever. Returns how to stop. */
  readonly onTold: (listener: (words: Words) => void) => () => void;
  /** The overview as a renderer would get it now. */
  readonly status: () => OverviewView;
  /** What the user chose as their language; null for the operating system's. */
  readonly language: () => string | null;
  /** What went wrong with this PC's files and was put right, newest first; for whoever supports it. */
  readonly incidents: () => readonly RecordedIncident[];
  /** The PC woke up, the screen was unlocked, the network changed: look at the server now. */
  readonly wake: () => void;
  /** Ends what is under way, closes the files and gives the folder back. Nothing may be called after it. */
  readonly stop: () => Promise<void>;
}

/** Throws `CannotStart` with a sentence for people; then nothing is held. */
export function createCounter(parts: CounterParts): Counter {
  const data = openData(parts.dataDir, parts.log);
  const core = createCore(parts, data);
  const ready = Promise.withResolvers<void>();
  ready.promise.catch((error: unknown) => parts.log('error', 'the counter could not start', { reason: String(error) }));
  const bridge = createBridge(createCallTable(core), ready.promise, parts.log);
  const listeners = new Set<(notice: Notice) => void>();
  core.announcer.to = (notice) => {
    bridge.broadcast(notice);
    for (const listener of listeners) listener(notice);
  };
  return {
    async start() {
      try {
        await core.session.load();
      } catch (error) {
        ready.reject(error);
        throw error;
      }
      ready.resolve();
      if (core.session.state() === 'active') core.loop.start();
    },
    serve: bridge.serve,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onTold(listener) {
      core.tellers.add(listener);
      return () => {
        core.tellers.delete(listener);
      };
    },
    status: () => viewOverview(core),
    language: () => readSetting(data.outbox, 'language'),
    incidents: () => readIncidents(data.outbox),
    wake() {
      core.time.woke();
      core.loop.poke(true);
    },
    async stop() {
      core.announcer.stop();
      bridge.close('the counter stops');
      core.ending.abort();
      await core.loop.stop();
      core.time.keep();
      await core.past.stop();
      await core.pdfs.stop();
      data.close(core.held.left());
    },
  };
}

export type Core = ReturnType<typeof createCore>;

function createCore(parts: CounterParts, { outbox, mirror }: ReturnType<typeof openData>) {
  const { log, random, timers } = parts;
  const announcer = createAnnouncer();
  const tellers = new Set<(words: Words) => void>();
  const { changed } = announcer;
  const session = createSession(outbox, parts.secrets, log);
  const claims = createClaims(outbox, session, log);
  const saved = readSetting(outbox, 'trustedTime');
  const time = createTrustedTime({ ...parts, saved, save: (now) => saveSetting(outbox, 'trustedTime', now) });
  const ending = new AbortController();
  const client = createClient({ ...parts, token: session.token, ending: ending.signal });
  const book = createPurchaseBook(outbox, mirror, log);
  const onPage = hearing(time, claims);
  const { pull, past, held } = createMirroring({
    ...{ client, outbox, mirror, session, time, timers, random, log, ending: ending.signal, onPage, changed },
    poke: () => loop.poke(true),
  });
  const documents = createDocumentBook(mirror, time.now, log);
  const pdfs = createPdfShelf({ client, mirror, timers, random, log, onHeld: () => changed(['documents']) });
  const contact = createCycle({ client, pull, book, documents, outbox, mirror, session, time, random, changed });
  const cycle = filling(contact, [past.fill, pdfs.fill]);
  const watched = createPayingWatch({ outbox, mirror, session }, time.now);
  const push = createPush({ client, timers, random, log, ...pokes(() => loop) });
  const loop: Loop = createLoop({
    cycle,
    push,
    timers,
    random,
    log,
    now: time.now,
    nextLookMs: () =>
      nextLookMs({ pushed: push.alive(), paying: watched.paying(), dueInMs: nextDueMs(outbox, time.now()) }, random),
    onRefused() {
      session.revoke(time.now().toISOString());
      changed(['session']);
    },
    onChange() {
      time.keep();
      changed(['sync']);
    },
  });
  return {
    ...parts,
    ...{
      outbox,
      mirror,
      held,
      session,
      claims: claims.current,
      time,
      client,
      book,
      pdfs,
      past,
      loop,
      announcer,
      changed,
      ending,
    },
    tellers,
    onTold: (words: Words) => tellers.forEach((teller) => void teller(words)),
    entitlementRefused: () => claims.fault() !== null,
    localProblem: () => localProblem(session.tokenLost(), outbox.salvaged, readItems(outbox).unreadable),
    paying() {
      watched.began();
      loop.reconsider();
    },
  };
}

/** What every page of the feed says beside its entries. */
const hearing = (time: TrustedTime, claims: Claims) => (page: Pick<FeedAnswer, 'status' | 'serverTime'>) => {
  time.contact(page.serverTime);
  claims.take(page.status.read, page.serverTime);
};

/** What the event stream causes. */
function pokes(loop: () => Loop) {
  return {
    onChanged: () => loop().poke(true),
    // The screen must not say "online" until the next look comes round; while offline the loop has a timer of its own.
    onEnded: () => {
      if (loop().view().connection === 'online') loop().poke(false);
    },
    onAlive: () => loop().reconsider(),
  };
}

function localProblem(tokenLost: boolean, salvaged: boolean, unreadable: number): string | null {
  if (tokenLost) return 'token_lost';
  if (unreadable > 0) return 'outbox_unreadable';
  return salvaged ? 'outbox_salvaged' : null;
}

/** Behind each contact that ended well, and never in front of what somebody waits for. */
function filling(contact: Cycle, fills: readonly (() => void)[]): Cycle {
  return async (whole) => {
    const outcome = await contact(whole);
    if (outcome.kind === 'done') for (const fill of fills) fill();
    return outcome;
  };
}
