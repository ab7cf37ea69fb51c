// How mirror.db was left when it was closed. A file that is still so was touched by nobody, and what was checked before need
// not be checked again at once; after a crash, or where another program wrote, there is no such word.
import { existsSync, statSync } from 'node:fs';
import { z } from 'zod';

/**
 * size in bytes; modified: nanoseconds since 1970. checkedTo: the row up to which the walk had come. whole: every row was
 * checked at least once since the file was last touched.
 */
export const left = z.object({
  size: z.string(),
  modified: z.string(),
  checkedTo: z.int().min(0),
  whole: z.boolean(),
});
export type Left = z.infer<typeof left>;

/** To be taken when the file is closed; null where it is not there. */
export function stampOf(path: string): Pick<Left, 'size' | 'modified'> | null {
  if (!existsSync(path)) return null;
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return { size: String(size), modified: String(mtimeNs) };
}

/** Also false where a journal lies beside the file: it was not closed. */
export function isAsLeft(path: string, saved: Left | null): boolean {
  if (saved === null || existsSync(`${path}-wal`)) return false;
  const now = stampOf(path);
  return now !== null && now.size === saved.size && now.modified === saved.modified;
}
