// What is seen from beside a counter PC: what its requests and answers say, and what its disk says of a purchase at that moment, read by
// other eyes than the counter's.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Ask } from './wire.ts';

/** Where there is no power there is no answer; only the end of the process ends the wait. */
export const never = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(new Error('aborted'));
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });

/** A Date has its ends. */
export const clamp = (ms: number) => Math.max(-8e14, Math.min(8e14, ms));

export function purchaseIn({ path, body }: Ask): string | null {
  if (!/plan\/purchase|renewal\/subscribe|credits\/topup/.test(path)) return null;
  return /"id":"(pur_[^"]+)"/.exec(body ?? '')?.[1] ?? null;
}

export function sentAtOnDisk(folder: string, id: string): string | null {
  const file = new Database(join(folder, 'outbox.db'), { readonly: true });
  try {
    const row = file.prepare<[string], { sent_at: string | null }>('select sent_at from item where id = ?').get(id);
    return row?.sent_at ?? null;
  } finally {
    file.close();
  }
}

/** Purchases that the disk says are to be cancelled. */
export function cancelsOnDisk(folder: string): ReadonlySet<string> {
  const path = join(folder, 'outbox.db');
  if (!existsSync(path)) return new Set();
  const file = new Database(path, { readonly: true });
  try {
    const made = file.prepare("select 1 from sqlite_schema where name = 'item'").get() !== undefined;
    if (!made) return new Set();
    return new Set(file.prepare<[], string>('select id from item where cancel_wanted_at is not null').pluck().all());
  } finally {
    file.close();
  }
}

/** Who the counter is from now on; null where the answer is a portal's page. */
export function activationIn(body: Uint8Array): { readonly deviceToken: string; readonly deviceId: string } | null {
  const text = new TextDecoder().decode(body);
  if (!text.startsWith('{')) return null;
  const made = JSON.parse(text) as { deviceToken?: string; deviceId?: string };
  const { deviceToken, deviceId } = made;
  return deviceToken === undefined || deviceId === undefined ? null : { deviceToken, deviceId };
}
