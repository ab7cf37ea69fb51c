// Which of two words about one dispute holds. Pure. A bank may turn its verdict (lost, won on appeal, lost again in
// arbitration), and the events that tell of it come late, twice and in any order.
import type { ReportedDispute } from '../providers/port.ts';

export type DisputeWord = Pick<ReportedDispute, 'status' | 'toldAt'>;

/**
 * news: it holds from now on. known: it says nothing new, or is older than what is known. unclear: it says that a dispute
 * which was won is lost, and does not show that it came after; a person must see which is so.
 */
export type DisputeNews = 'news' | 'known' | 'unclear';

/** Where two words are of the same second, or of no known time: what comes later in the life of a dispute. */
const rank = { open: 0, closed: 1, lost: 2, won: 3 } as const;

export function newsOfDispute(before: DisputeWord | null, told: DisputeWord): DisputeNews {
  if (before === null) return 'news';
  // What was decided is not opened again by the word that it was opened.
  if (told.status === before.status || told.status === 'open') return 'known';
  const [then, now] = [before.toldAt?.getTime(), told.toldAt?.getTime()];
  if (then !== undefined && now !== undefined && then !== now) return now > then ? 'news' : 'known';
  if (rank[told.status] > rank[before.status]) return 'news';
  return told.status === 'lost' ? 'unclear' : 'known';
}

/** The later of two times, as far as they are known. */
export function laterWord(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
