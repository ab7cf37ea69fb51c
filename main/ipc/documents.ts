// Tax documents as people see them, and as files. All is read from this PC; only what it does not hold is asked of the server,
// and where the server is away that is said and not hidden.
import type {
  DocumentPage,
  DocumentRow,
  DocumentView,
  ExportedFile,
  ExportPeriod,
  HandedFile,
} from '../../shared/contract/document-views.ts';
import type { CallInput } from '../../shared/contract/ipc.ts';
import type { ToldDocument } from '../../shared/contract/told-document.ts';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { registerCsv } from '../../shared/gst/register.ts';
import {
  countDocuments,
  readDocument,
  readDocuments,
  readListed,
  readNotesOf,
  readPdfHeld,
  readPeriod,
  readYears,
  storeDocuments,
} from '../mirror/documents.ts';
import type { Mirror } from '../mirror/open.ts';
import type { FileDesk } from '../ports.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from '../sync/answer.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';
import type { PdfShelf } from '../sync/pdf-shelf.ts';

export interface DocumentParts {
  readonly mirror: Mirror;
  readonly session: Session;
  readonly client: Pick<Client, 'document' | 'register'>;
  readonly pdfs: Pick<PdfShelf, 'get'>;
  readonly files: FileDesk;
  readonly changed: () => void;
}

const everything = { financialYear: null, kind: null };

export function listDocuments({ mirror }: DocumentParts, input: CallInput<'documents.list'>): DocumentPage {
  const { limit, offset, ...filter } = input;
  const documents = readDocuments(mirror, filter, limit, offset);
  const held = readPdfHeld(
    mirror,
    documents.map(({ id }) => id),
  );
  return {
    items: documents.map((document) => rowOf(document, held.has(document.id))),
    total: countDocuments(mirror, filter),
    held: countDocuments(mirror, everything),
    years: readYears(mirror),
    listedAt: readListed(mirror),
  };
}

function rowOf({ document, outline }: ToldDocument, pdfHeld: boolean): DocumentRow {
  return document === null ? strangeRow(outline, pdfHeld) : rowOfKnown(document, pdfHeld);
}

/** Of what it says only what this version understands; its amount is not told without knowing what it is. */
function strangeRow({ id, number, financialYear, issuedOn }: ToldDocument['outline'], pdfHeld: boolean): DocumentRow {
  const unknown = { kind: 'unknown', what: '', buyerGstin: null, totalPaise: null, originalNumber: null } as const;
  return { id, number, financialYear, issuedOn, ...unknown, pdfHeld };
}

function rowOfKnown(document: TaxDocument, pdfHeld: boolean): DocumentRow {
  const { id, kind, number, financialYear, issuedOn, buyer, totalPaise, original, lines } = document;
  return {
    id,
    kind,
    number,
    financialYear,
    issuedOn,
    what: lines.map(({ description }) => description).join('; '),
    buyerGstin: buyer.gstin,
    totalPaise,
    originalNumber: original?.number ?? null,
    pdfHeld,
  };
}

export async function getDocument(parts: DocumentParts, id: string): Promise<DocumentView> {
  const document = await heldOrFetched(parts, id);
  return {
    document,
    pdfHeld: readPdfHeld(parts.mirror, [id]).has(id),
    notes: readNotesOf(parts.mirror, id).map((note) => ({
      id: note.id,
      number: note.number,
      issuedOn: note.issuedOn,
      totalPaise: note.totalPaise,
    })),
  };
}

async function heldOrFetched(parts: DocumentParts, id: string): Promise<TaxDocument> {
  const held = readDocument(parts.mirror, id);
  if (held?.document != null) return held.document;
  const told = whenHeldElsewhere(parts, await asked(parts, () => parts.client.document(id)));
  if (told.id !== id) throw new Refused('not_held', true);
  if (storeDocuments(parts.mirror, [told])) parts.changed();
  if (told.document === null) throw new Refused('not_understood', false);
  return told.document;
}

export async function saveDocument(parts: DocumentParts, id: string): Promise<HandedFile> {
  return parts.files.save(await pdfFile(parts, id));
}

export async function printDocument(parts: DocumentParts, id: string): Promise<HandedFile> {
  return parts.files.open(await pdfFile(parts, id));
}

async function pdfFile(parts: DocumentParts, id: string) {
  const { number } = await heldOrFetched(parts, id);
  const bytes = whenHeldElsewhere(parts, await parts.pdfs.get(id));
  return { name: `${number.replaceAll('/', '-')}.pdf`, type: 'application/pdf', bytes } as const;
}

/** The server's register; where it does not answer, our own from the same code, unless documents may be missing here. */
export async function exportDocuments(parts: DocumentParts, period: ExportPeriod): Promise<ExportedFile> {
  const { from, to } = period;
  const answer = await asked(parts, () => parts.client.register(from, to));
  const name = `invoices-from-${from}-to-${to}.csv`;
  const hand = (bytes: Uint8Array) => parts.files.save({ name, type: 'text/csv; charset=utf-8', bytes });
  if (answer.kind === 'ok') return { file: await hand(answer.value), source: 'server', listedAt: null };
  if (answer.kind === 'refused') return answered(answer);
  const listedAt = readListed(parts.mirror);
  const documents = listedAt === null ? null : readPeriod(parts.mirror, period);
  if (documents === null) throw new Refused('documents_missing', true);
  return { file: await hand(Buffer.from(registerCsv(documents), 'utf8')), source: 'held', listedAt };
}

/** A counter that was removed asks nothing any more; it keeps what it has. */
async function asked<T>(parts: DocumentParts, ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const state = parts.session.state();
  if (state === 'none') throw new Refused('not_activated', false);
  return state === 'active' ? ask() : { kind: 'unauthorised', code: 'device_revoked' };
}

/** The value, or that it is not here and why it cannot be had now. */
function whenHeldElsewhere<T>(parts: DocumentParts, answer: Answer<T>): T {
  const state = parts.session.state();
  if (answer.kind === 'none') throw new Refused('not_held', true, { reason: answer.reason });
  if (answer.kind === 'unauthorised' && state === 'revoked') throw new Refused('not_held', false);
  return answered(answer);
}
