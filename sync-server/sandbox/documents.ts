// Owns what is kept whole: entities that the sandbox makes and changes by rule but never adds up (disputes, plans, mandates,
// invoices, links, all of Stripe's). One table; a kind each; found by id, owner, the caller's reference, or the time at
// which the clock does something to it.

import type { Db, DocumentRow } from './database.ts';
import { noSuchId } from './refusal.ts';

export interface Filed<T> {
  readonly id: string;
  readonly owner?: string | null;
  readonly reference?: string | null;
  readonly dueMs?: number | null;
  readonly createdAt: number;
  readonly body: T;
}

export interface Search {
  readonly owner?: string | undefined;
  readonly reference?: string | undefined;
  /** Unix seconds of creation. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly count: number;
  readonly skip: number;
}

export interface Shelf<T> {
  find(id: string): T | null;
  /** Refuses an id that is not there, as the API does. */
  get(id: string): T;
  /** Makes it, or replaces what is under its id. */
  put(filed: Filed<T>): void;
  /** Newest first. */
  list(search: Search): T[];
  dueIds(nowMs: number): string[];
}

export function createShelf<T>(db: Db, kind: string): Shelf<T> {
  const byId = db.prepare<[string, string], DocumentRow>('SELECT * FROM documents WHERE id = ? AND kind = ?');
  const write = db.prepare<[DocumentRow]>(`
    INSERT INTO documents (id, kind, owner, reference, due_ms, body, created_at)
    VALUES (@id, @kind, @owner, @reference, @due_ms, @body, @created_at)
    ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, reference = excluded.reference, due_ms = excluded.due_ms,
      body = excluded.body`);
  const listed = db.prepare<[Record<string, unknown>], DocumentRow>(`
    SELECT * FROM documents
    WHERE kind = @kind AND (@owner IS NULL OR owner = @owner) AND (@reference IS NULL OR reference = @reference)
      AND created_at BETWEEN @from AND @to
    ORDER BY rowid DESC LIMIT @count OFFSET @skip`);
  const due = db
    .prepare<[string, number], string>('SELECT id FROM documents WHERE kind = ? AND due_ms <= ? ORDER BY due_ms, id')
    .pluck();
  const read = ({ body }: DocumentRow): T => JSON.parse(body) as T;
  const find = (id: string): T | null => {
    const row = byId.get(id, kind);
    return row === undefined ? null : read(row);
  };
  return {
    find,
    get(id) {
      const found = find(id);
      if (found === null) throw noSuchId();
      return found;
    },
    put({ id, owner = null, reference = null, dueMs = null, createdAt, body }) {
      write.run({ id, kind, owner, reference, due_ms: dueMs, body: JSON.stringify(body), created_at: createdAt });
    },
    list: ({ owner, reference, from = 0, to = Number.MAX_SAFE_INTEGER, count, skip }) =>
      listed.all({ kind, owner: owner ?? null, reference: reference ?? null, from, to, count, skip }).map(read),
    dueIds: (nowMs) => due.all(kind, nowMs),
  };
}

/** When the clock next does something to any document; null when never. */
export function nextDueMs(db: Db): number | null {
  return db.prepare<[], number | null>('SELECT min(due_ms) FROM documents').pluck().get() ?? null;
}
