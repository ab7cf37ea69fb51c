// The file that a pharmacy sends to support: what runs, what its files hold and whether they are sound, what waits and why. Made from
// a short list of what may leave, not by taking things out of all there is.
import { createHash } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import type Database from 'better-sqlite3';
import { protocolVersion } from '../../../shared/contract/protocol.ts';
import { checkChain, emptyChain } from '../../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../../shared/ledger/entry.ts';
import { isInUse, orUnreadable, rowsOf, stateOf } from './folder.ts';
import { logLines, reportItems, reportStatus, withFiles, withOutbox } from './report.ts';

export interface DiagnosticsParts {
  readonly dataDir: string;
  readonly serverUrl: string;
  readonly appVersion: string;
  readonly now: Date;
}

/** Settings that say nothing about anybody and open nothing. */
const harmless = ['trustedTime', 'lowCreditsBelow', 'tellingSince', 'language', 'theme'];

export function collectDiagnostics({ dataDir, serverUrl, appVersion, now }: DiagnosticsParts) {
  const files = ['outbox.db', 'mirror.db', 'outbox.db.damaged', 'mirror.db.damaged'];
  // A damaged file is what support wants to see: what it does not give is said, and the rest is there.
  const settings = orUnreadable(() => withOutbox(dataDir, settingsOf));
  const known: Readonly<Record<string, unknown>> = settings;
  return {
    madeAt: now.toISOString(),
    app: {
      version: appVersion,
      protocolVersion,
      node: process.version,
      system: `${platform()} ${release()} ${arch()}`,
    },
    serverUrl,
    running: isInUse(dataDir),
    files: files.map((file) => stateOf(dataDir, file)).filter((state) => state !== null),
    status: orUnreadable(() => withFiles(dataDir, reportStatus)),
    chain: orUnreadable(() => withFiles(dataDir, chainOf)),
    settings:
      'unreadable' in settings ? settings : Object.fromEntries(harmless.map((name) => [name, known[name] ?? null])),
    items: orUnreadable(() => withOutbox(dataDir, reportItems)),
    /** What went wrong with the files and was put right; newest first. */
    incidents: known.incidents ?? [],
    log: logLines(dataDir).map(withoutSecrets),
  };
}

function settingsOf(outbox: Database.Database | null): Readonly<Record<string, unknown>> {
  const rows = rowsOf(outbox, 'SELECT name, value FROM setting');
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), fromJson(String(value))]));
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const rowsAtOnce = 5_000;

/** The ledger that is held, walked through its chain: where it ends, or the first entry that does not fit. */
function chainOf(outbox: Database.Database | null, mirror: Database.Database | null) {
  const orgId = rowsOf(outbox, 'SELECT org_id FROM session')[0]?.org_id;
  if (typeof orgId !== 'string') return null;
  const [first] = rowsOf(mirror, 'SELECT seq, delta, balance_after AS balance, hash FROM entry ORDER BY seq LIMIT 1');
  if (first === undefined) return { fits: true, from: 0, to: 0 };
  // A counter that holds the newest part alone begins where that begins.
  const from = Number(first.seq);
  let at = from === 1 ? emptyChain : { seq: from, balance: Number(first.balance), hash: String(first.hash) };
  for (;;) {
    const rows = rowsOf(
      mirror,
      `SELECT seq, delta, balance_after AS balanceAfter, kind, reference, idempotency_key AS idempotencyKey, actor, feature,
              occurred_at AS occurredAt, created_at AS createdAt, hash
         FROM entry WHERE seq > ${at.seq} ORDER BY seq LIMIT ${rowsAtOnce}`,
    );
    const check = checkChain(orgId, at, rows as unknown as readonly FeedEntry[], sha256);
    if (!check.ok) return { fits: false, from, at: check.seq, fault: check.fault };
    at = check.head;
    if (rows.length < rowsAtOnce) return { fits: true, from, to: at.seq };
  }
}

/** A log holds none by its own rules; what looks like one is taken out all the same. */
function withoutSecrets(line: string): string {
  return line
    .replace(/(Bearer\s+|[?&#](?:t|token)=)[A-Za-z0-9._~+/-]+/g, '$1…')
    .replace(/[\w.+-]+@[\w-]+\.[\w.]+/g, '…');
}
