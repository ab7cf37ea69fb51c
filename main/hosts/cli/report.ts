// What a counter's files say, as plain data: for `status`, `queue list` and support. Read from beside; nothing here asks the server,
// and nothing that is secret or personal leaves: no token, no key, no pay link, no names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { openBeside, type Row, rowsOf } from './folder.ts';

export interface ItemReport {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly amountPaise: number;
  readonly state: string;
  readonly queuedAt: string;
  readonly sentAt: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly cancelWantedAt: string | null;
  /** Of a rejected one: the code, and the purchase that was first. */
  readonly reason: string | null;
  readonly followsId: string | null;
}

export interface StatusReport {
  /** none: nobody has signed up here. revoked: the server refused its token at that time. */
  readonly session: 'none' | 'active' | 'revoked';
  readonly orgId: string | null;
  readonly deviceId: string | null;
  readonly revokedAt: string | null;
  /** Server time of the last pull that was checked to its end; null before the first. */
  readonly verifiedAt: string | null;
  readonly seq: number;
  readonly balance: number;
  readonly head: string | null;
  readonly plan: string | null;
  readonly nextDue: string | null;
  /** How many purchases of this counter are in which state. */
  readonly items: Readonly<Record<string, number>>;
}

const text = (value: Row[string] | undefined): string | null => (typeof value === 'string' ? value : null);

function parsed(value: Row[string] | undefined): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text(value) ?? '{}');
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function reportItems(outbox: Database.Database | null): ItemReport[] {
  const rows = rowsOf(outbox, 'SELECT * FROM item ORDER BY queued_at DESC, id');
  return rows.map((row) => {
    const detail = parsed(row.detail);
    return {
      id: String(row.id),
      sku: String(row.sku),
      quantity: Number(row.quantity),
      amountPaise: Number(row.amount_paise),
      state: String(row.state),
      queuedAt: String(row.queued_at),
      sentAt: text(row.sent_at),
      attempts: Number(row.attempts),
      nextAttemptAt: text(row.next_attempt_at),
      cancelWantedAt: text(row.cancel_wanted_at),
      reason: typeof detail.reason === 'string' ? detail.reason : null,
      followsId: typeof detail.followsId === 'string' ? detail.followsId : null,
    };
  });
}

/** Whether a press of that name was made on this counter. */
export function hasIntent(outbox: Database.Database | null, intent: string): boolean {
  return rowsOf(outbox, 'SELECT intent FROM item').some((row) => row.intent === intent);
}

export function reportStatus(outbox: Database.Database | null, mirror: Database.Database | null): StatusReport {
  const [session] = rowsOf(outbox, 'SELECT org_id, device_id, revoked_at FROM session');
  const [position] = rowsOf(mirror, 'SELECT seq, balance, hash, verified_at, status FROM position');
  const status = parsed(position?.status);
  const subscription = (status.subscription ?? {}) as Record<string, unknown>;
  const items: Record<string, number> = {};
  for (const { state } of reportItems(outbox)) items[state] = (items[state] ?? 0) + 1;
  const revokedAt = text(session?.revoked_at);
  return {
    session: session === undefined ? 'none' : revokedAt === null ? 'active' : 'revoked',
    orgId: text(session?.org_id),
    deviceId: text(session?.device_id),
    revokedAt,
    verifiedAt: text(position?.verified_at),
    seq: Number(position?.seq ?? 0),
    balance: Number(position?.balance ?? 0),
    head: text(position?.hash),
    plan: typeof status.plan === 'string' ? status.plan : null,
    nextDue: typeof subscription.serviceRenewalNextDue === 'string' ? subscription.serviceRenewalNextDue : null,
    items,
  };
}

type File = Database.Database | null;

/** The outbox alone, read and given back: a mirror that cannot be read takes nothing away from it. */
export function withOutbox<T>(dataDir: string, read: (outbox: File) => T): T {
  const outbox = openBeside(dataDir, 'outbox.db');
  try {
    return read(outbox);
  } finally {
    outbox?.close();
  }
}

/** Both files of a folder, read and given back. */
export function withFiles<T>(dataDir: string, read: (outbox: File, mirror: File) => T): T {
  return withOutbox(dataDir, (outbox) => {
    const mirror = openBeside(dataDir, 'mirror.db');
    try {
      return read(outbox, mirror);
    } finally {
      mirror?.close();
    }
  });
}

const mostLines = 200;

/** The newest lines of the app's log, where it keeps one. */
export function logLines(dataDir: string): string[] {
  try {
    const lines = readFileSync(join(dataDir, 'logs', 'counter.log'), 'utf8').split('\n');
    return lines.filter((line) => line !== '').slice(-mostLines);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
