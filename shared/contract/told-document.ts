// A tax document as a counter reads it. The server may be newer than the counter: a kind, a state or a field that this version does
// not know makes one document strange, never the list that it stands in. What was said of it is kept as it came, so that a newer
// version reads it whole; until then it is in no sum and in no register.
import { z } from 'zod';
import { type TaxDocument, taxDocument } from '../gst/document.ts';
import { calendarDate } from '../ledger/entry.ts';

/** What a list needs of each, also of a strange one. */
const outline = z.object({
  id: z.string().min(1).max(100),
  kind: z.string().min(1).max(64),
  number: z.string().min(1).max(64),
  financialYear: z.string().max(10).catch(''),
  issuedOn: calendarDate,
  original: z.object({ id: z.string() }).nullable().catch(null),
});
export type DocumentOutline = Readonly<z.infer<typeof outline>>;

/**
 * said: as the server said it, with every field that it has. outline: what the list is ordered and narrowed by. document: null where
 * this version does not know what was said.
 */
export interface ToldDocument {
  readonly id: string;
  readonly said: unknown;
  readonly outline: DocumentOutline;
  readonly document: TaxDocument | null;
}

/** Null for what does not even say which document it is, and of when. */
export function readToldDocument(said: unknown): ToldDocument | null {
  const read = outline.safeParse(said);
  if (!read.success) return null;
  const whole = taxDocument.safeParse(said);
  return { id: read.data.id, said, outline: read.data, document: whole.success ? whole.data : null };
}

/** One, as the answer to a request for it. */
export const toldDocument = z.unknown().transform((said, context): ToldDocument => {
  const told = readToldDocument(said);
  if (told !== null) return told;
  context.addIssue({ code: 'custom', message: 'is no document' });
  return z.NEVER;
});

/** A list of them. unread: how many items are none that could be named. */
export const toldDocumentList = z
  .object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })
  .transform(({ items, nextCursor }) => {
    const told = items.map(readToldDocument).filter((one) => one !== null);
    return { items: told, unread: items.length - told.length, nextCursor };
  });
export type ToldDocumentList = z.infer<typeof toldDocumentList>;
