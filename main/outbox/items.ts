// Saves and reads the counter's own purchases. Every write here is on the disk when it returns (`synchronous = FULL`).
import { desc, eq, inArray } from 'drizzle-orm';
import { type Item, type ItemIn, item as itemShape } from './item.ts';
import type { Outbox } from './open.ts';
import { item } from './schema.ts';
import { needOf } from './transitions.ts';

/** The item of a press that was made already; null for a new one. */
export function readIntent(outbox: Outbox, intent: string): Item | null {
  const row = outbox.db.select().from(item).where(eq(item.intent, intent)).get();
  return row === undefined ? null : whole(row);
}

/** Saves a new item, unless its intent has one already: the item that stands is returned. */
export function saveNew(outbox: Outbox, fresh: Item): Item {
  outbox.db.insert(item).values(rowOf(fresh)).onConflictDoNothing({ target: item.intent }).run();
  const saved = outbox.db.select().from(item).where(eq(item.intent, fresh.intent)).get();
  return whole(saved);
}

export function saveItem(outbox: Outbox, changed: Item): Item {
  outbox.db.update(item).set(rowOf(changed)).where(eq(item.id, changed.id)).run();
  return changed;
}

export function readItem(outbox: Outbox, id: string): Item | null {
  const row = outbox.db.select().from(item).where(eq(item.id, id)).get();
  return row === undefined ? null : whole(row);
}

/** Newest first. unreadable: rows that are no item; they are kept and told, and hold nothing up. */
export function readItems(outbox: Outbox): { items: Item[]; unreadable: number } {
  const rows = outbox.db.select().from(item).orderBy(desc(item.queuedAt), item.id).all();
  const items = rows.flatMap(parse);
  return { items, unreadable: rows.length - items.length };
}

/**
 * Items that need the server, those never tried first and then by their turn: one that fails again and again goes to the
 * back each time, so it never holds up the others.
 */
export function readNeedy(outbox: Outbox): Item[] {
  const live = inArray(item.state, ['queued', 'awaiting_payment', 'unknown']);
  const rows = outbox.db.select().from(item).where(live).orderBy(item.nextAttemptAt, item.queuedAt, item.id).all();
  return rows.flatMap(parse).filter((read) => needOf(read) !== 'nothing');
}

/** Those of which the server said what the version that wrote it down did not know. */
export function readUnknown(outbox: Outbox): ItemIn<'unknown'>[] {
  const rows = outbox.db.select().from(item).where(eq(item.state, 'unknown')).all();
  return rows.flatMap(parse).filter((read) => read.state === 'unknown');
}

function rowOf(of: Item): typeof item.$inferInsert {
  return { ...of, detail: JSON.stringify(of.detail) };
}

type Row = typeof item.$inferSelect;

function parse(row: Row): Item[] {
  const read = itemShape.safeParse({ ...row, detail: fromJson(row.detail) });
  return read.success ? [read.data] : [];
}

/** For a row that is asked for by name: a fault here is told to whoever asked. */
function whole(row: Row | undefined): Item {
  const read = row === undefined ? undefined : parse(row)[0];
  if (read === undefined) throw new Error(`outbox item ${row?.id ?? ''} cannot be read`);
  return read;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
