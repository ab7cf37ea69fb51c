// What whoever supports a counter needs to see of it, as one file: versions, positions, counts, settings and the waiting
// list's states. It carries no token, no key and no personal data: no name, address, GSTIN, phone, email, file path or link.
import { arch, platform, versions } from 'node:process';
import type { SyncView } from '../shared/contract/overview-view.ts';
import { protocolVersion } from '../shared/contract/protocol.ts';
import { type OverviewParts, viewOverview } from './ipc/overview.ts';
import { heldHead } from './mirror/entries.ts';
import { readPosition } from './mirror/position.ts';
import type { Item } from './outbox/item.ts';
import { readItems } from './outbox/items.ts';
import { readSetting } from './outbox/settings.ts';
import type { OutgoingFile } from './ports.ts';
import { type RecordedIncident, readIncidents } from './sync/incidents.ts';

/** One row of the waiting list, without its keys and without what the provider said in words. */
interface ItemReport
  extends Pick<
    Item,
    | 'id'
    | 'sku'
    | 'quantity'
    | 'state'
    | 'amountPaise'
    | 'queuedAt'
    | 'sentAt'
    | 'attempts'
    | 'nextAttemptAt'
    | 'cancelWantedAt'
  > {
  readonly reason: string | null;
  readonly atServer: string | null;
}

export interface Diagnostics {
  /** Trusted time, and the PC's own beside it. */
  readonly madeAt: string;
  readonly pcTime: string;
  readonly versions: {
    readonly app: string;
    readonly protocol: number;
    readonly node: string;
    readonly electron: string | null;
    readonly sqlite: string;
    readonly outboxSchema: number;
    readonly mirrorSchema: number;
    readonly machine: string;
  };
  readonly session: { readonly state: string; readonly orgId: string | null; readonly deviceId: string | null };
  readonly server: string;
  readonly sync: SyncView;
  readonly plan: { readonly status: string; readonly nextDue: string | null; readonly stale: boolean } | null;
  /** seq, balance and hash: of the last entry that this PC holds. */
  readonly ledger: {
    readonly seq: number;
    readonly balance: number;
    readonly hash: string;
    readonly verifiedAt: string | null;
  };
  /** Rows of each table. */
  readonly counts: Readonly<Record<string, number>>;
  readonly settings: {
    readonly lowCreditsBelow: number | null;
    readonly language: string | null;
    readonly theme: string | null;
    readonly tellingSince: string | null;
  };
  /** What went wrong with the files on this PC and was put right; newest first. */
  readonly incidents: readonly RecordedIncident[];
  readonly waiting: { readonly unreadable: number; readonly salvaged: boolean; readonly items: readonly ItemReport[] };
}

const tables = {
  outbox: ['item', 'told', 'setting'],
  mirror: ['entry', 'refill', 'purchase', 'document', 'document_pdf'],
} as const;

/** Newest first; a counter that sold for years would make a file that nobody can send. */
const mostItems = 500;

/** Everything as of now. Reads only. */
export function diagnosticsOf(parts: OverviewParts & { readonly clock: { readonly now: () => Date } }): Diagnostics {
  const { outbox, mirror, time } = parts;
  const { session, sync, plan } = viewOverview(parts);
  const { items, unreadable } = readItems(outbox);
  const version = (of: typeof outbox | typeof mirror) => Number(of.sqlite.pragma('user_version', { simple: true }));
  const count = (of: typeof outbox | typeof mirror, table: string) =>
    (of.sqlite.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }).rows;
  const sqlite = String(outbox.sqlite.prepare('SELECT sqlite_version()').pluck().get());
  return {
    madeAt: time.now().toISOString(),
    pcTime: parts.clock.now().toISOString(),
    versions: {
      app: parts.appVersion,
      protocol: protocolVersion,
      node: versions.node,
      electron: versions.electron ?? null,
      sqlite,
      outboxSchema: version(outbox),
      mirrorSchema: version(mirror),
      machine: `${platform} ${arch}`,
    },
    session: { state: session.state, orgId: session.orgId, deviceId: session.deviceId },
    server: parts.serverUrl,
    sync,
    plan: plan === null ? null : { status: plan.status, nextDue: plan.nextDue, stale: plan.featuresStale ?? false },
    ledger: { ...heldHead(mirror), verifiedAt: readPosition(mirror)?.verifiedAt ?? null },
    counts: Object.fromEntries([
      ...tables.outbox.map((table) => [`outbox.${table}`, count(outbox, table)] as const),
      ...tables.mirror.map((table) => [`mirror.${table}`, count(mirror, table)] as const),
    ]),
    settings: {
      lowCreditsBelow: readSetting(outbox, 'lowCreditsBelow'),
      language: readSetting(outbox, 'language'),
      theme: readSetting(outbox, 'theme'),
      tellingSince: readSetting(outbox, 'tellingSince'),
    },
    incidents: readIncidents(outbox),
    waiting: { unreadable, salvaged: outbox.salvaged, items: items.slice(0, mostItems).map(reportOf) },
  };
}

function reportOf(item: Item): ItemReport {
  const { id, sku, quantity, state, amountPaise, queuedAt, sentAt, attempts, nextAttemptAt, cancelWantedAt } = item;
  return {
    ...{ id, sku, quantity, state, amountPaise, queuedAt, sentAt, attempts, nextAttemptAt, cancelWantedAt },
    reason: 'reason' in item.detail ? item.detail.reason : null,
    atServer: 'purchase' in item.detail ? (item.detail.purchase?.state ?? null) : null,
  };
}

/** `pharmapulse-diagnostics-2026-11-22.json`, to be read by people as well. */
export function diagnosticsFile(diagnostics: Diagnostics): OutgoingFile {
  return {
    name: `pharmapulse-diagnostics-${diagnostics.madeAt.slice(0, 10)}.json`,
    type: 'application/json',
    bytes: Buffer.from(`${JSON.stringify(diagnostics, null, 2)}\n`),
  };
}
