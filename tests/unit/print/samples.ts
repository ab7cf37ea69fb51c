// Tax documents to be printed: the ordinary ones, and those that are hard to bring onto one page.
import { buildCreditNote } from '../../../shared/gst/credit-note.ts';
import type { Buyer, CreditNote, Invoice, TaxDocument } from '../../../shared/gst/document.ts';
import { formatDocumentNumber } from '../../../shared/gst/document-number.ts';
import { gstinStateCode } from '../../../shared/gst/gstin.ts';
import { buildInvoice } from '../../../shared/gst/invoice.ts';
import { catalogue, type Sku } from '../../../shared/plan/catalogue.ts';

export interface Sample {
  readonly sku?: Sku;
  readonly quantity?: number;
  readonly unitPaise?: number;
  readonly description?: string;
  readonly sellerGstin?: string;
  readonly sellerName?: string;
  readonly sellerAddress?: string;
  readonly buyer?: Partial<Buyer>;
  readonly pricesIncludeGst?: boolean;
  readonly serial?: number;
}

export function sampleInvoice(sample: Sample = {}): Invoice {
  const { sku = 'plan.pharmapulse-one', quantity = 1, sellerGstin = '27ABCPE1234F1ZB', serial = 123 } = sample;
  const product = catalogue[sku];
  const stateCode = gstinStateCode(sellerGstin);
  if (stateCode === null) throw new Error(`${sellerGstin} is no GSTIN`);
  return buildInvoice({
    id: `inv_${serial}`,
    number: formatDocumentNumber('PP', '26-27', serial),
    issuedOn: '2026-11-22',
    purchaseId: 'pur_01M80Z50J0G97YKNRVSBGTPAB6',
    seller: {
      name: sample.sellerName ?? 'PharmaPulse Software LLP',
      gstin: sellerGstin,
      address: sample.sellerAddress ?? '4th Floor, Lotus Business Park, Andheri West, Mumbai 400053, Maharashtra',
      stateCode,
    },
    buyer: {
      legalName: 'Asha Medicals',
      gstin: '27AAPFU0939F1ZV',
      address: '12 MG Road, Camp, Pune',
      stateCode: '27',
      pin: '411001',
      ...sample.buyer,
    },
    line: {
      description: sample.description ?? product.description,
      sac: '997331',
      quantity,
      unitPaise: sample.unitPaise ?? product.listPricePaise,
      rateBp: 1800,
    },
    pricesIncludeGst: sample.pricesIncludeGst ?? true,
  });
}

export function sampleNote(invoice: Invoice, amountPaise: number): CreditNote {
  const number = formatDocumentNumber('PC', '26-27', 45);
  return buildCreditNote({ id: 'inv_note', number, issuedOn: '2026-12-03', invoice, credited: [], amountPaise });
}

const bengaluru = { stateCode: '29', pin: '560001', address: '202 Residency Road, Bengaluru' } as const;
const packs = { sku: 'topup.50k' } as const;

/** By what is hard about them; also those of which pictures are looked at. */
export const samples: Readonly<Record<string, TaxDocument>> = {
  ordinary: sampleInvoice(),
  igst: sampleInvoice({ ...packs, quantity: 3, buyer: { ...bengaluru, gstin: '29AAGCB7383J1Z4' } }),
  utgst: sampleInvoice({
    sellerGstin: '04ABCPE1234F1ZJ',
    sellerAddress: 'SCO 12, Sector 17, Chandigarh 160017',
    buyer: { stateCode: '04', pin: '160022', gstin: null, address: 'SCO 88, Sector 22, Chandigarh' },
  }),
  'credit note': sampleNote(sampleInvoice({ ...packs, quantity: 3 }), 250_000),
  'credit note in full': sampleNote(sampleInvoice({ buyer: { ...bengaluru, gstin: null } }), 1_500_000),
  'long names': sampleInvoice({
    quantity: 1,
    sellerName: 'PharmaPulse Healthcare Information Systems and Retail Pharmacy Software Solutions Private Limited',
    sellerAddress: `${'Unit 1204, Building 7, Lotus Corporate Park, Off Western Express Highway, '.repeat(3)}Mumbai 400063`,
    buyer: {
      legalName: 'Shri Sai Krupa Medical and General Stores, Wholesale and Retail Chemists and Druggists, a unit of '
        .repeat(2)
        .slice(0, 200),
      address:
        `${'Shop 4 and 5, Ground Floor, Laxmi Narayan Cooperative Housing Society, Near Old Bus Stand, '.repeat(6)}`
          .slice(0, 500)
          .trim(),
    },
  }),
  'one long word': sampleInvoice({ buyer: { legalName: 'W'.repeat(200), address: 'm'.repeat(500) } }),
  'nothing but long': sampleNote(
    sampleInvoice({
      sellerName: 'W'.repeat(200),
      sellerAddress: `${'M'.repeat(493)} 400001`,
      buyer: { legalName: 'W'.repeat(200), address: 'M'.repeat(500) },
      description: 'w'.repeat(100),
      unitPaise: 10_000_000_000,
    }),
    9_999_999_901,
  ),
  'twenty packs without GST in the price': sampleInvoice({ ...packs, quantity: 20, pricesIncludeGst: false }),
  'ten crore': sampleInvoice({ unitPaise: 10_000_000_000, buyer: { ...bengaluru, gstin: null } }),
  hindi: sampleInvoice({
    sku: 'renewal.year',
    buyer: {
      legalName: 'श्री ज्ञानेश्वर मेडिकल्स एंड सर्जिकल्स (Pune)',
      address: 'दुकान क्र. 12, लक्ष्मी रस्ता, क्षत्रिय चौक, पुणे, महाराष्ट्र',
      gstin: null,
    },
  }),
  'hindi credit note': sampleNote(
    sampleInvoice({
      ...packs,
      quantity: 3,
      buyer: {
        legalName: 'श्री ज्ञानेश्वर मेडिकल्स',
        address: 'दुकान क्र. 12, लक्ष्मी रस्ता, बेंगलुरु',
        stateCode: '29',
        pin: '560001',
        gstin: null,
      },
    }),
    250_000,
  ),
  'hindi, long': sampleInvoice({
    buyer: {
      legalName: 'राष्ट्रीय त्र्यंबकेश्वर औषधि विक्रेता एवं शल्य चिकित्सा सामग्री भंडार '.repeat(3).slice(0, 200).trim(),
      address: 'प्लॉट नं. 4/5, भूतल, श्रीकृष्ण कॉम्प्लेक्स, द्वितीय मार्ग, विश्वविद्यालय के सामने, '.repeat(7).slice(0, 500).trim(),
    },
  }),
};
