// What the played server knows of an org's tax documents: real documents by the shared rules, and a PDF that holds the number.
import type { Profile } from '../../shared/contract/profile.ts';
import { buildCreditNote } from '../../shared/gst/credit-note.ts';
import type { Buyer, CreditNote, Invoice, TaxDocument } from '../../shared/gst/document.ts';
import { financialYearOf, formatDocumentNumber } from '../../shared/gst/document-number.ts';
import { buildInvoice } from '../../shared/gst/invoice.ts';
import { registerCsv } from '../../shared/gst/register.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';

export const playedSeller = {
  name: 'PharmaPulse Software Private Limited',
  gstin: '29AAGCB7383J1Z4',
  address: '4th Floor, 80 Feet Road, Indiranagar, Bengaluru, Karnataka 560038',
  stateCode: '29',
} as const;

export const playedProfile: Profile = {
  legalName: 'Asha Medicals',
  address: '12 MG Road, Shivajinagar, Pune',
  stateCode: '27',
  pin: '411005',
  gstin: '27AAPFU0939F1ZV',
  phone: '020 2553 0000',
  email: 'accounts@ashamedicals.in',
  warnings: [],
};

/** Begins and ends as a PDF does. */
export const playedPdf = (number: string) => Buffer.from(`%PDF-1.7\n% ${number}\n%%EOF\n`);

export interface FileReply {
  readonly status: 200;
  readonly type: string;
  readonly file: Buffer;
}

export class PlayedDocuments {
  /** In the order of issue. */
  readonly issued: TaxDocument[] = [];
  profile = playedProfile;
  /** How many the list gives at once, whatever is asked for. */
  pageSize = 200;

  #next(series: 'PP' | 'PC', issuedOn: string): { number: string; serial: number } {
    const year = financialYearOf(issuedOn);
    const serial = this.issued.filter((one) => one.number.startsWith(`${series}/${year}`)).length + 1;
    return { number: formatDocumentNumber(series, year, serial), serial };
  }

  #buyer(): Buyer {
    const { legalName, gstin, address, stateCode, pin } = this.profile;
    return { legalName, gstin, address, stateCode, pin };
  }

  issue(
    issuedOn: string,
    description = catalogue['topup.50k'].description,
    unitPaise = 250_000,
    quantity = 1,
  ): Invoice {
    const { number, serial } = this.#next('PP', issuedOn);
    const invoice = buildInvoice({
      id: `inv_${issuedOn.replaceAll('-', '')}_${serial}`,
      number,
      issuedOn,
      purchaseId: `pur_${serial}`,
      seller: playedSeller,
      buyer: this.#buyer(),
      line: { description, sac: '997331', quantity, unitPaise, rateBp: 1800 },
      pricesIncludeGst: true,
    });
    this.issued.push(invoice);
    return invoice;
  }

  credit(invoice: Invoice, issuedOn: string, amountPaise: number): CreditNote {
    const { number, serial } = this.#next('PC', issuedOn);
    const credited = this.issued.filter((one) => one.kind === 'credit_note' && one.original.id === invoice.id);
    const note = buildCreditNote({
      id: `cn_${issuedOn.replaceAll('-', '')}_${serial}`,
      number,
      issuedOn,
      invoice,
      credited: credited as CreditNote[],
      amountPaise,
    });
    this.issued.push(note);
    return note;
  }

  /** The answer to a GET under `/api/billing/`; null where there is no such route or document. */
  answer(pathname: string, params: URLSearchParams): { status: 200; body: unknown } | FileReply | null {
    if (pathname === '/api/billing/invoices') return { status: 200, body: this.#list(params.get('cursor')) };
    if (pathname === '/api/billing/invoices.csv') {
      const [from, to] = [params.get('from') ?? '', params.get('to') ?? '9999'];
      const period = this.issued.filter(({ issuedOn }) => from <= issuedOn && issuedOn <= to);
      return { status: 200, type: 'text/csv; charset=utf-8', file: Buffer.from(registerCsv(period)) };
    }
    if (pathname === '/api/billing/profile') return { status: 200, body: this.profile };
    const [, id, pdf] = /^\/api\/billing\/invoices\/([^/]+)(\/pdf)?$/.exec(pathname) ?? [];
    const found = this.issued.find((one) => one.id === id);
    if (found === undefined) return null;
    if (pdf === undefined) return { status: 200, body: found };
    return { status: 200, type: 'application/pdf', file: playedPdf(found.number) };
  }

  #list(cursor: string | null) {
    const newest = [...this.issued].reverse();
    const from = Number(cursor ?? 0);
    const next = from + this.pageSize;
    return { items: newest.slice(from, next), nextCursor: next < newest.length ? String(next) : null };
  }
}
