// The ledger as people look for things in it: windows of what fits a filter, and the same as a file. All from the mirror.
import { setImmediate } from 'node:timers/promises';
import type { CallInput } from '../../shared/contract/ipc.ts';
import type {
  LedgerChoices,
  LedgerEntryView,
  LedgerExport,
  LedgerFilter,
  LedgerWindow,
} from '../../shared/contract/ledger-views.ts';
import { wholeLedger } from '../../shared/contract/whole-ledger.ts';
import { asText, csvLine, csvMark } from '../../shared/csv.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import type { HeldEntry } from '../mirror/entries.ts';
import { fromJson } from '../mirror/from-json.ts';
import { createLedgerIndex, type LedgerIndex, readFound, readRows } from '../mirror/ledger-query.ts';
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
  readonly window: (wish: CallInput<'ledger.window'>) => LedgerWindow;
  readonly choices: () => LedgerChoices;
  readonly export: (filter: LedgerFilter) => Promise<LedgerExport>;
}

export function createLedger(parts: LedgerParts): Ledger {
  const { mirror } = parts;
  const index = createLedgerIndex(mirror);
  return {
    window({ filter, first, count }) {
      const found = index.find(filter);
      const from = first ?? Math.max(1, found.seqs.length - count + 1);
      const entries = readFound(mirror, found, from, count);
      return {
        entries: entries.map(viewOf),
        first: from,
        total: found.seqs.length,
        held: index.find(wholeLedger).seqs.length,
      };
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

function viewOf({ more, ...entry }: HeldEntry): LedgerEntryView {
  const fields = fieldsOf(more);
  return fields.length === 0 ? entry : { ...entry, more: fields };
}

/** Fields of a newer server by name: what is no text is told as JSON. */
function fieldsOf(more: string | null): { name: string; value: string }[] {
  const fields = more === null ? null : fromJson(more);
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
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
  'More',
] as const;

/** Between two pieces other calls have their turn. */
const rowsAtOnce = 2000;

async function exportLedger(parts: LedgerParts, index: LedgerIndex, filter: LedgerFilter): Promise<LedgerExport> {
  const names = counterNames(parts);
  // What comes while it is written is not in it.
  const seqs = index.find(filter).seqs.slice();
  let rows = 0;
  const pieces: string[] = [`${csvMark}${csvLine(ledgerColumns)}`];
  for (let end = seqs.length; end > 0; end -= rowsAtOnce) {
    const entries = readRows(parts.mirror, seqs.slice(Math.max(0, end - rowsAtOnce), end));
    rows += entries.length;
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

/**
 * Date and time in Asia/Kolkata, which is half past five ahead of UTC all the year. The last is what a newer server said beside, as
 * JSON, and mostly empty.
 */
function rowOf(entry: HeldEntry, names: ReadonlyMap<string, string>): string[] {
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
    asText(entry.more ?? ''),
  ];
}
