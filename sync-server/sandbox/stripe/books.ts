// Owns the keeping of Stripe's objects: made, changed, found by id, listed by their fields, newest first. Beside what is
// shown, an object has notes of the sandbox's own, which no answer carries. Ids are made here too.

import type { Db, DocumentRow } from '../database.ts';
import { type Clock, type Random, unixSeconds } from '../ids.ts';
import { type Kind, type Kinds, kinds } from './objects.ts';
import { missing, StripeRefusal } from './refusal.ts';

export interface ListRequest {
  readonly where: Readonly<Record<string, string | undefined>>;
  readonly limit: number;
  readonly startingAfter?: string | undefined;
  /** Unix seconds of creation. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface Kept<K extends Kind> {
  readonly shown: Kinds[K];
  /** What the sandbox must remember and Stripe would not show. */
  readonly hidden: Readonly<Record<string, unknown>>;
}

export interface BookParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
}

export type Books = ReturnType<typeof createBooks>;

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function createBooks({ db, clock, random }: BookParts) {
  const byId = db.prepare<[string, string], DocumentRow>('SELECT * FROM documents WHERE id = ? AND kind = ?');
  const write = db.prepare<[DocumentRow]>(`
    INSERT INTO documents (id, kind, owner, reference, due_ms, body, created_at)
    VALUES (@id, @kind, @owner, @reference, @due_ms, @body, @created_at)
    ON CONFLICT (id) DO UPDATE SET due_ms = excluded.due_ms, body = excluded.body`);
  const due = db
    .prepare<[string, number], string>('SELECT id FROM documents WHERE kind = ? AND due_ms <= ? ORDER BY due_ms, id')
    .pluck();

  const find = <K extends Kind>(kind: K, id: string): Kept<K> | null => {
    const row = byId.get(id, `stripe.${kind}`);
    return row === undefined ? null : (JSON.parse(row.body) as Kept<K>);
  };
  const must = <K extends Kind>(kind: K, id: string): Kept<K> => {
    const kept = find(kind, id);
    if (kept === null) throw missing(kinds[kind].word, id);
    return kept;
  };
  return {
    newId: (prefix: string): string =>
      prefix + Array.from(random.bytes(24), (byte) => LETTERS.charAt(byte % LETTERS.length)).join(''),
    now: () => unixSeconds(clock),
    find,
    kept: must,
    get: <K extends Kind>(kind: K, id: string): Kinds[K] => must(kind, id).shown,
    put<K extends Kind>(
      kind: K,
      shown: Kinds[K],
      hidden: Kept<K>['hidden'] = {},
      dueMs: number | null = null,
    ): Kinds[K] {
      const { id, created: created_at } = shown;
      const body = JSON.stringify({ shown, hidden });
      write.run({ id, kind: `stripe.${kind}`, owner: null, reference: null, due_ms: dueMs, body, created_at });
      return shown;
    },
    list<K extends Kind>(kind: K, asked: ListRequest): { data: Kinds[K][]; has_more: boolean } {
      const { where, limit, startingAfter, from = 0, to = Number.MAX_SAFE_INTEGER } = asked;
      const fields = Object.entries(where).filter(([, value]) => value !== undefined);
      const after = startingAfter === undefined ? '' : 'AND rowid < (SELECT rowid FROM documents WHERE id = @after)';
      if (startingAfter !== undefined) must(kind, startingAfter);
      const matching = fields.map((_, place) => `AND json_extract(body, @path${place}) = @value${place}`).join(' ');
      const rows = db
        .prepare<[Record<string, unknown>], DocumentRow>(
          `SELECT * FROM documents WHERE kind = @kind AND created_at BETWEEN @from AND @to ${matching} ${after}
           ORDER BY rowid DESC LIMIT @limit`,
        )
        .all({
          kind: `stripe.${kind}`,
          from,
          to,
          limit: limit + 1,
          after: startingAfter ?? null,
          ...Object.fromEntries(fields.map(([path], place) => [`path${place}`, `$.shown.${path}`])),
          ...Object.fromEntries(fields.map(([, value], place) => [`value${place}`, value])),
        });
      const data = rows.slice(0, limit).map(({ body }) => (JSON.parse(body) as Kept<K>).shown);
      return { data, has_more: rows.length > limit };
    },
    dueIds: (kind: Kind, nowMs: number): string[] => due.all(`stripe.${kind}`, nowMs),
  };
}

/** An id of any kind, for expanding; null for a text that is none. */
export function lookUp(books: Books, id: string): object | null {
  const kind = (Object.keys(kinds) as Kind[]).find((one) => id.startsWith(kinds[one].prefix));
  return kind === undefined ? null : (books.find(kind, id)?.shown ?? null);
}

/** Replaces ids by what they name along `a.b.c`; a list on the way is gone through. */
export function expand(books: Books, value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.map((one) => expand(books, one, path));
  if (typeof value !== 'object' || value === null) return value;
  const inner = (value as Record<string, unknown>)[name] ?? includable(books, value, name);
  if (inner === undefined) throw new StripeRefusal(`This property cannot be expanded (${name}).`, { param: 'expand' });
  const found = typeof inner === 'string' ? (lookUp(books, inner) ?? inner) : inner;
  return { ...value, [name]: expand(books, found, rest) };
}

/** What an object shows only when it is asked for; null is a field without a value. */
function includable(books: Books, value: object, name: string): unknown {
  const { id = '', object } = value as { id?: string; object?: string };
  if (object === 'charge' && name === 'refunds') {
    return {
      object: 'list',
      ...books.list('refund', { where: { charge: id }, limit: 100 }),
      url: `/v1/charges/${id}/refunds`,
    };
  }
  if (object === 'checkout.session' && name === 'line_items') {
    return { object: 'list', data: books.kept('session', id).hidden.lines, has_more: false };
  }
  return Object.hasOwn(value, name) ? null : undefined;
}
