// What the user of this counter was told, to be read again: newest first, with whether it was looked at. What was told is kept and
// not its words, so that it can be read in the language that is chosen now.
import { count, desc, isNull, lte } from 'drizzle-orm';
import { type NoticeView, noticeView, type ToldNotice } from '../../shared/contract/notice-views.ts';
import type { Outbox } from '../outbox/open.ts';
import { notice } from '../outbox/schema.ts';

/** So many are kept; what is older says nothing any more. */
const mostKept = 300;

export function keepNotice(outbox: Outbox, told: NoticeView, now: Date): void {
  const row = { key: told.key, body: JSON.stringify(told), toldAt: now.toISOString(), readAt: null };
  outbox.db.insert(notice).values(row).onConflictDoNothing().run();
  outbox.sqlite
    .prepare('DELETE FROM notice WHERE num NOT IN (SELECT num FROM notice ORDER BY num DESC LIMIT ?)')
    .run(mostKept);
}

/** One that cannot be read any more, as of another version, is left out. */
export function readKept(outbox: Outbox, limit: number): ToldNotice[] {
  const rows = outbox.db.select().from(notice).orderBy(desc(notice.num)).limit(limit).all();
  return rows.flatMap(({ num, body, toldAt, readAt }) => {
    const parsed = noticeView.safeParse(JSON.parse(body));
    return parsed.success ? [{ num, notice: parsed.data, toldAt, read: readAt !== null }] : [];
  });
}

export function countUnread(outbox: Outbox): number {
  return outbox.db.select({ rows: count() }).from(notice).where(isNull(notice.readAt)).get()?.rows ?? 0;
}

/** Those up to a number were looked at; what came after they were shown is not among them. */
export function markRead(outbox: Outbox, upTo: number, now: Date): void {
  outbox.db.update(notice).set({ readAt: now.toISOString() }).where(lte(notice.num, upTo)).run();
}
