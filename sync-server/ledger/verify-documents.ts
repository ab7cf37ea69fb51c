// Proves invoices and credit notes: each against its purchase and within itself, and the numbers of all orgs against
// their counters.

import { type TaxDocument, taxDocument } from '../../shared/gst/document.ts';
import { documentFaults } from '../../shared/gst/document-faults.ts';
import { documentNumberPattern, financialYearOf, formatDocumentNumber } from '../../shared/gst/document-number.ts';
import type { DocumentFact, Findings, PurchaseFact, Settled } from './verify-facts.ts';

const seriesOf = { invoice: 'PP', credit_note: 'PC' } as const;

/** `settled`: the purchases that must have an invoice. Documents come in any order. */
export function startDocuments(settled: readonly Settled[], findings: Findings) {
  const purchases = new Map(settled.map(({ purchase }) => [purchase.purchaseId, { purchase, invoices: 0 }]));
  const invoices = new Map<string, { purchaseId: string; totalPaise: number; notedPaise: number }>();
  const notes: DocumentFact[] = [];
  return {
    document: (row: DocumentFact): void => {
      const subject = `document ${row.number}`;
      checkNumber(row, subject, findings);
      const document = checkStored(row, subject, findings);
      if (row.kind === 'credit_note') {
        notes.push({ ...row, document: null });
        return;
      }
      const { purchaseId, totalPaise } = row;
      invoices.set(row.invoiceId, { purchaseId, totalPaise, notedPaise: 0 });
      const bought = purchases.get(purchaseId);
      if (bought === undefined) {
        findings.fault('invoice_of_no_payment', subject, 'a paid purchase', purchaseId);
        return;
      }
      bought.invoices += 1;
      if (bought.invoices === 2) findings.fault('invoice_twice', `purchase ${purchaseId}`, 1, 'another');
      const { amountPaise } = bought.purchase;
      if (totalPaise !== amountPaise) findings.fault('invoice_amount', subject, amountPaise, totalPaise);
      if (document !== null) checkLine(bought.purchase, document, subject, findings);
    },
    finish: (): void => {
      for (const { purchase, invoices: count } of purchases.values()) {
        if (count === 0) {
          findings.fault('invoice_missing', `purchase ${purchase.purchaseId}`, purchase.amountPaise, null);
        }
      }
      for (const note of notes) {
        const original = note.originalId === null ? undefined : invoices.get(note.originalId);
        const subject = `document ${note.number}`;
        if (original?.purchaseId !== note.purchaseId) {
          findings.fault('note_original', subject, `an invoice of ${note.purchaseId}`, note.originalId);
          continue;
        }
        original.notedPaise += note.totalPaise;
        if (original.notedPaise > original.totalPaise) {
          findings.fault('note_amount', subject, original.totalPaise, original.notedPaise);
        }
      }
      checkNoted(settled, invoices.values(), findings);
    },
  };
}

/** All money that went back of what had settled a purchase stands on credit notes; a won dispute leaves its note standing. */
function checkNoted(
  settled: readonly Settled[],
  invoices: Iterable<{ readonly purchaseId: string; readonly notedPaise: number }>,
  findings: Findings,
): void {
  const noted = new Map([...invoices].map(({ purchaseId, notedPaise }) => [purchaseId, notedPaise]));
  for (const { purchase, payment } of settled) {
    const paise = noted.get(purchase.purchaseId) ?? 0;
    if (paise < payment.refundedPaise) {
      findings.fault('note_missing', `purchase ${purchase.purchaseId}`, payment.refundedPaise, paise);
    }
  }
}

function checkNumber(row: DocumentFact, subject: string, findings: Findings): void {
  const series = seriesOf[row.kind];
  const year = financialYearOf(row.issuedOn);
  const should = row.serial < 1 || row.serial > 9_999_999 ? 'a serial' : formatDocumentNumber(series, year, row.serial);
  const is = `${row.series}/${row.financialYear}: ${row.number}`;
  if (is !== `${series}/${year}: ${should}` || !documentNumberPattern.test(row.number)) {
    findings.fault('invoice_number', subject, should, is);
  }
}

/** For comparing and showing: no two lists of values have the same text. */
const shown = (...values: readonly (string | number | null)[]): string => JSON.stringify(values);

/** The stored document, if it is one: then it must say what its row says, and add up. */
function checkStored(row: DocumentFact, subject: string, findings: Findings): TaxDocument | null {
  const read = taxDocument.safeParse(row.document);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    findings.fault('invoice_document', subject, 'a tax document', `not one at ${where}`);
    return null;
  }
  const document = read.data;
  const { id, kind, number, financialYear, issuedOn, purchaseId, totalPaise, original } = document;
  const inside = shown(id, kind, number, financialYear, issuedOn, purchaseId, totalPaise, original?.id ?? null);
  const outside = shown(
    ...[row.invoiceId, row.kind, row.number, row.financialYear, row.issuedOn],
    ...[row.purchaseId, row.totalPaise, row.originalId],
  );
  if (inside !== outside) findings.fault('invoice_document', subject, outside, inside);
  for (const sentence of documentFaults(document)) {
    findings.fault('invoice_document', subject, 'a document that adds up', sentence);
  }
  return document;
}

function checkLine(purchase: PurchaseFact, { lines }: TaxDocument, subject: string, findings: Findings): void {
  const terms = (of: { quantity: number; unitPaise: number; rateBp: number; sac: string }, taxFits: boolean) =>
    `${of.quantity} × ${of.unitPaise} paise, SAC ${of.sac}, ${of.rateBp} bp, tax as sold: ${taxFits}`;
  const { quantity, listPricePaise, rateBp, sac, pricesIncludeGst } = purchase;
  const should = terms({ quantity, unitPaise: listPricePaise, rateBp, sac }, true);
  const is = lines.map((line) => {
    const gross = line.unitPaise * line.quantity;
    return terms(line, gross === (pricesIncludeGst ? line.totalPaise : line.taxablePaise));
  });
  if (is.join('; ') !== should) findings.fault('invoice_line', subject, should, is.join('; '));
}

export interface CounterFact {
  readonly series: string;
  readonly financialYear: string;
  readonly lastSerial: number;
}

/** Numbers of all orgs, in the order of series, year and serial: each series and year runs 1, 2, 3 … to its counter. */
export function startSeries(counters: readonly CounterFact[], findings: Findings) {
  const nameOf = (of: Omit<CounterFact, 'lastSerial'>) => `series ${of.series}/${of.financialYear}`;
  const last = new Map<string, number>(counters.map((counter) => [nameOf(counter), 0]));
  return {
    number: (row: Omit<CounterFact, 'lastSerial'> & { readonly serial: number }): void => {
      const name = nameOf(row);
      const before = last.get(name) ?? 0;
      if (row.serial === before) findings.fault('series_twice', name, before + 1, row.serial);
      else if (row.serial !== before + 1) findings.fault('series_gap', name, before + 1, row.serial);
      last.set(name, row.serial);
    },
    finish: (): void => {
      const kept = new Map(counters.map((counter) => [nameOf(counter), counter.lastSerial]));
      for (const [name, serial] of last) {
        const counter = kept.get(name) ?? null;
        if (counter !== serial) findings.fault('series_counter', name, serial, counter);
      }
    },
  };
}
