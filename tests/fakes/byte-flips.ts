// A counter's folder with something in every table, and what becomes of it when one byte of mirror.db is another.
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newestEntries, type PlayedCounter, type Stage } from './played-stage.ts';

/** Fills every table of a counter's mirror; an unsent purchase stays in the outbox. */
export async function fillMirror(on: Stage & { readonly app: PlayedCounter }, entries: number): Promise<void> {
  for (let i = 0; i < entries; i += 1) on.server.org.append(i % 3 === 0 ? -1 : 2, 'adjustment', `slip ${i}`);
  for (let i = 0; i < 12; i += 1) on.server.org.create(`pur_other${i}`, 'topup.50k', 1, 'dev_9', 'Back counter');
  for (let i = 1; i <= 9; i += 1) on.server.documents.issue(`2026-11-0${i}`);
  await on.app.sync();
  const list = { financialYear: null, kind: null, limit: 50, offset: 0 };
  await on.app.until(async () => (await on.app.call('documents.list', list)).items.every(({ pdfHeld }) => pdfHeld));
  on.server.fault('drop', '/api/billing/credits/topup');
  await on.app.queue('topup.50k', 250_000);
  await on.app.sync();
}

/** Everything that the screens show of the mirror. */
export async function shownOf(app: PlayedCounter): Promise<string> {
  const { session, credits, prices, plan, sync } = app.counter.status();
  const entries = await app.entries();
  const documents = await app.call('documents.list', { financialYear: null, kind: null, limit: 50, offset: 0 });
  const items = documents.items.map(({ pdfHeld: _, ...rest }) => rest);
  const purchases = (await app.purchases()).map(({ sentAt: _, ...rest }) => rest);
  return JSON.stringify({ session, credits, prices, plan, problem: sync.problem, entries, items, purchases });
}

/** The rows of the outbox that must never change: what was asked for, and who this counter is. */
export function outboxOf(folder: string): string {
  const file = new Database(join(folder, 'outbox.db'), { readonly: true });
  const items = file.prepare('SELECT id, intent, idempotency_key, sku, quantity, amount_paise, state FROM item').all();
  const session = file.prepare('SELECT * FROM session').all();
  file.close();
  return JSON.stringify([items, session]);
}

export function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!name.endsWith('.lock') && statSync(join(from, name)).isFile()) copyFileSync(join(from, name), join(to, name));
  }
}

/** Changes one byte by exclusive or; `mask` 1 to 255. */
export function flip(path: string, at: number, mask: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ mask;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

export const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** What one flip came to. usableMs: from the start until the screen has an answer; rightMs: until the pull is done. */
export interface Flipped {
  readonly file: string;
  readonly at: number;
  readonly mask: number;
  readonly usableMs: number;
  readonly rightMs: number;
  readonly fault: string | null;
}

export interface Flip {
  readonly file: 'mirror.db' | 'mirror.db-wal';
  readonly at: number;
  readonly mask: number;
}

/** right: what `shownOf` and `outboxOf` said before. Runs in a copy of `from`. */
export async function tryFlip(
  on: Stage,
  from: string,
  { file, at, mask }: Flip,
  right: [string, string],
): Promise<Flipped> {
  const folder = `${from}-${file}-${at}-${mask}`;
  copyFolder(from, folder);
  flip(join(folder, file), at, mask);
  const begun = performance.now();
  let usableMs = 0;
  const faults: string[] = [];
  try {
    const app = await on.startCounter({ dataDir: folder });
    const page = await app.tryCall('ledger.window', newestEntries);
    if (!page.ok) faults.push(`the ledger is refused before the pull: ${page.error.code}`);
    usableMs = performance.now() - begun;
    await app.sync();
    if ((await shownOf(app)) !== right[0]) faults.push('the screens are not right after the pull');
    await app.counter.stop();
    if (outboxOf(folder) !== right[1]) faults.push('the outbox was touched');
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const rightMs = performance.now() - begun;
  rmSync(folder, { recursive: true, force: true });
  return { file, at, mask, usableMs, rightMs, fault: faults.length === 0 ? null : faults.join('; ') };
}
