// The network between one counter and the server, with its faults: each request has a fate by chance. Real requests go to the real
// server; what is played is whether, when and how often they arrive, and what comes back.
import { type Chance, oneOf } from '../storm/chance.ts';

/** calm: as it should be. rough: each request may meet a fault. offline: nothing passes. */
export type Weather = 'calm' | 'rough' | 'offline';

const fates = {
  pass: 60,
  drop: 5,
  'cut after send': 7,
  late: 6,
  'slow answer': 6,
  doubled: 5,
  'captive portal': 4,
  'proxy 502': 4,
  busy: 4,
  'altered page': 5,
} as const;
export type Fate = keyof typeof fates;

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface WireParts {
  readonly chance: Chance;
  readonly now: () => number;
  /** The real server, now. */
  readonly ask: (ask: Ask) => Promise<Reply>;
  readonly note: (what: string) => void;
}

interface Held {
  readonly from: number;
  readonly go: () => void;
}

const html = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: new TextEncoder().encode(`<html><body><h1>${text}</h1></body></html>`),
});

const busySeconds = 60;
const busy: Reply = {
  status: 503,
  headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': String(busySeconds) },
  body: new TextEncoder().encode(
    JSON.stringify({ error: { code: 'unavailable', message: 'The server is busy.', retryable: true } }),
  ),
};

export interface Wire {
  weather: Weather;
  /** So many entries a feed page may have; null: as asked for. */
  pageSize: number | null;
  /** The server asked for peace until then, by path. */
  readonly peace: Map<string, number>;
  carry(ask: Ask): Promise<Reply>;
  /** What was held up on the way and may go on now, in any order. */
  release(): void;
}

export function createWire(parts: WireParts): Wire {
  const { chance, now, note } = parts;
  let held: Held[] = [];
  const hold = (): Promise<void> =>
    new Promise((go) => {
      held.push({ from: now() + 500 + chance.below(90_000), go });
    });
  const real = (ask: Ask): Promise<Reply> => parts.ask(smaller(ask, self.pageSize, note));
  const meet = async (fate: Fate, ask: Ask): Promise<Reply> => {
    switch (fate) {
      case 'pass':
        return real(ask);
      case 'drop':
        throw new Error('the network dropped it');
      case 'cut after send':
        await real(ask);
        throw new Error('the network was cut before the answer');
      case 'late':
        await hold();
        return real(ask);
      case 'slow answer': {
        const reply = await real(ask);
        await hold();
        return reply;
      }
      case 'doubled': {
        const [first] = await Promise.all([real(ask), real(ask)]);
        return first;
      }
      case 'captive portal':
        return html(200, 'Welcome to the station WiFi, please sign in');
      case 'proxy 502':
        return html(502, 'Bad Gateway');
      case 'busy':
        self.peace.set(peacePath(ask), now() + busySeconds * 1000);
        return busy;
      case 'altered page':
        return altered(await real(ask), () => note(fate));
    }
  };
  const self: Wire = {
    weather: 'calm',
    pageSize: null,
    peace: new Map(),
    async carry(ask) {
      if (self.weather === 'offline') {
        note('offline');
        throw new Error('there is no network');
      }
      const fate = self.weather === 'calm' ? 'pass' : fateOf(oneOf(chance, fates), ask);
      if (fate !== 'pass' && fate !== 'altered page') note(fate);
      return meet(fate, ask);
    },
    release() {
      const due = held.filter(({ from }) => from <= now());
      held = held.filter(({ from }) => from > now());
      if (due.length > 1) note('reordered');
      for (const { go } of due
        .map((one) => ({ one, by: chance.next() }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ one }) => one))
        go();
    },
  };
  return self;
}

function smaller(ask: Ask, size: number | null, note: (what: string) => void): Ask {
  if (size === null || !ask.path.startsWith('/api/sync/feed')) return ask;
  note('feed in small pages');
  return { ...ask, path: ask.path.replace(/limit=\d+/, `limit=${size}`) };
}

/** An altered page is one of the feed; the server is busy where it says so to counters that can wait. */
function fateOf(fate: Fate, { path, method }: Ask): Fate {
  if (fate === 'altered page' && !path.startsWith('/api/sync/feed')) return 'pass';
  if (fate === 'busy' && !path.startsWith('/api/sync/feed') && method !== 'POST') return 'pass';
  return fate;
}

/** For what the server asked to be left alone: the feed, or one purchase. */
export function peacePath({ path, body }: Pick<Ask, 'path' | 'body'>): string {
  if (path.startsWith('/api/sync/feed')) return 'feed';
  const id = /"id":"(pur_[^"]+)"/.exec(body ?? '')?.[1];
  return id ?? path;
}

interface Page {
  readonly entries?: { delta: number; balanceAfter: number }[];
  readonly columns?: Readonly<Record<string, unknown[]>> & { readonly delta: number[] };
}

/** A line of the ledger is changed or missing on the way, in a page that is otherwise whole; in either form of a page. */
function altered(reply: Reply, happened: () => void): Reply {
  if (reply.status !== 200) return reply;
  const page = JSON.parse(new TextDecoder().decode(reply.body)) as Page;
  const { entries = [], columns } = page;
  const last = entries.at(-1);
  if (last !== undefined) {
    if (entries.length > 1 && last.delta % 2 === 0) entries.splice(entries.length - 2, 1);
    else Object.assign(last, { delta: last.delta + 1, balanceAfter: last.balanceAfter + 1 });
  } else if (columns !== undefined && columns.delta.length > 0) {
    const many = columns.delta.length;
    if (many > 1 && (columns.delta[0] ?? 0) % 2 === 0)
      for (const column of Object.values(columns)) column.splice(many - 2, 1);
    else columns.delta[many - 1] = (columns.delta[many - 1] ?? 0) + 1;
  } else return reply;
  happened();
  return { ...reply, body: new TextEncoder().encode(JSON.stringify(page)) };
}
