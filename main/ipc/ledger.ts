// The ledger as people look for things in it: pages, windows of what fits a filter, and the same as a file. All from the mirror.
import { setImmediate } from 'node:timers/promises';
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import {
  type LedgerChoices,
  type LedgerExport,
  type LedgerFilter,
  type LedgerWindow,
  wholeLedger,
} from '../../shared/contract/ledger-views.ts';
import { asText, csvLine, csvMark } from '../../shared/csv.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import { countEntries, readEntries } from '../mirror/entries.ts';
import { createLedgerIndex, type LedgerIndex, readFound } from '../mirror/ledger-query.ts';
import type { Mirror } from '../mirror/open.ts';
import { readPurchases } from '../mirror/purchases.ts';
import type { Outbox } from '../outbox/open.ts';
import { readSetting } from '../outbox/settings.ts';
import type { FileDesk } from '../ports.ts';
import type { Session } from '../session/session.ts';

export interface LedgerParts {
  readonly mirror: Mirror;
  readonly outbox: Outbox;
  readonly session: Session;
  readonly files: FileDesk;
}

export interface Ledger {
  readonly page: (page: CallInput<'ledger.page'>) => CallOutput<'ledger.page'>;
  readonly window: (wish: CallInput<'ledger.window'>) => LedgerWindow;
  readonly choices: () => LedgerChoices;
  readonly export: (filter: LedgerFilter) => Promise<LedgerExport>;
}

export function createLedger(parts: LedgerParts): Ledger {
  const { mirror } = parts;
  const index = createLedgerIndex(mirror);
  return {
    page: ({ before, limit }) => ({ entries: readEntries(mirror, before, limit), total: countEntries(mirror) }),
    window({ filter, first, count }) {
      const found = index.find(filter);
      const total = found.seqs.length;
      const from = first ?? Math.max(1, total - count + 1);
      const held = index.find(wholeLedger).seqs.length;
      return { entries: readFound(mirror, found, from, count), first: from, total, held };
    },
    choices() {
      const { kinds, features, actors } = index.words();
      const names = counterNames(parts);
      return {
        kinds: [...kinds],
        features: [...features],
        actors: actors.map((actor) => ({ actor, name: names.get(actor) ?? null })),
      };
    },
    export: (filter) => exportLedger(parts, index, filter),
  };
}

/** By id, the surest last: who asked for a purchase, whom the server listed, and this counter itself. */
function counterNames({ mirror, outbox, session }: LedgerParts): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const told of readPurchases(mirror)) {
    const { deviceId, deviceName } = told.known ? told.purchase : told.outline;
    if (deviceId !== null && deviceName !== null) names.set(deviceId, deviceName);
  }
  for (const { id, name } of readSetting(outbox, 'counters')?.items ?? []) names.set(id, name);
  const own = session.saved();
  if (own !== null) names.set(own.deviceId, own.deviceName);
  return names;
}

/** The head line; the columns stay in this order, new ones come behind. */
export const ledgerColumns = [
  'Number',
  'Date',
  'Time',
  'Kind',
  'Feature',
  'Reference',
  'Counter',
  'Credits',
  'Balance after',
] as const;

/** Between two pieces other calls have their turn. */
const rowsAtOnce = 2000;

async function exportLedger(parts: LedgerParts, index: LedgerIndex, filter: LedgerFilter): Promise<LedgerExport> {
  const names = counterNames(parts);
  // What comes while it is written is not in it.
  const found = { seqs: index.find(filter).seqs.slice() };
  const rows = found.seqs.length;
  const pieces: string[] = [`${csvMark}${csvLine(ledgerColumns)}`];
  for (let end = rows; end > 0; end -= rowsAtOnce) {
    const first = Math.max(1, end - rowsAtOnce + 1);
    const entries = readFound(parts.mirror, found, first, end - first + 1);
    pieces.push(
      entries
        .reverse()
        .map((entry) => csvLine(rowOf(entry, names)))
        .join(''),
    );
    await setImmediate();
  }
  const bytes = Buffer.from(pieces.join(''), 'utf8');
  const file = await parts.files.save({ name: nameOf(filter), type: 'text/csv; charset=utf-8', bytes });
  return { file, rows };
}

function nameOf({ from, to }: LedgerFilter): string {
  return `credits${from === null ? '' : `-from-${from}`}${to === null ? '' : `-to-${to}`}.csv`;
}

const aheadMs = 19_800_000;

/** Date and time in Asia/Kolkata, which is half past five ahead of UTC all the year. */
function rowOf(entry: FeedEntry, names: ReadonlyMap<string, string>): string[] {
  const at = new Date(entry.occurredAt);
  const actor = entry.actor ?? '';
  return [
    String(entry.seq),
    businessDate(at),
    new Date(at.getTime() + aheadMs).toISOString().slice(11, 19),
    asText(entry.kind),
    asText(entry.feature ?? ''),
    asText(entry.reference ?? ''),
    asText(names.get(actor) ?? actor),
    String(entry.delta),
    String(entry.balanceAfter),
  ];
}
