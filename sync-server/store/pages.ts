// Lists a page at a time: a cursor says after which row the next page begins, and is opaque to whoever is given it.

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** `rows`: one more than a page where there is one. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const last = rows[limit - 1];
  const more = rows.length > limit && last !== undefined;
  return {
    items: rows.slice(0, limit),
    nextCursor: more ? Buffer.from(cursorOf(last), 'utf8').toString('base64url') : null,
  };
}

/** Throws RangeError on a cursor that no answer gave. */
export function readCursor(text: string, pattern: RegExp): [string, string] {
  const match = pattern.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (match?.[1] === undefined) throw new RangeError('not a cursor');
  return [match[1], match[2] ?? ''];
}

export const readNumber = (cursor: string): number => Number(readCursor(cursor, /^(\d{1,15})$/)[0]);
