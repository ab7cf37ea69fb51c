// The thread on which documents are printed: it has the fonts, and does nothing else. Spoken to by printer.ts alone.
import { parentPort } from 'node:worker_threads';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { printDocument } from './document.ts';
import { parseFonts } from './fonts.ts';

export interface PrintOrder {
  readonly order: number;
  readonly document: TaxDocument;
}

/** The bytes, or what went wrong in words. */
export type Printed =
  | { readonly order: number; readonly pdf: Uint8Array }
  | { readonly order: number; readonly fault: string };

const fonts = parseFonts();

parentPort?.on('message', ({ order, document }: PrintOrder) => {
  printDocument(document, fonts).then(
    (pdf) => parentPort?.postMessage({ order, pdf } satisfies Printed),
    (error: unknown) => parentPort?.postMessage({ order, fault: String(error) } satisfies Printed),
  );
});
