// The form INV-01 against a schema of its own: written from the portal's list of required fields, not from the program.
import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { TaxDocument } from '../../../shared/gst/document.ts';
import { type Inv01, inv01Of } from '../../../shared/gst/inv01.ts';
import { sampleInvoice, sampleNote, samples } from '../print/samples.ts';
import schema from './inv01-schema.json' with { type: 'json' };

const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(schema);
function formOf(document: TaxDocument): Inv01 {
  const form = inv01Of(document);
  if (!form.ok) throw new Error(form.reason);
  return form.value;
}
const faultsOf = (form: unknown) => {
  validate(form);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the form INV-01', () => {
  it.each(Object.entries(samples).filter(([, { buyer }]) => buyer.gstin !== null))(
    'of "%s" has all that the portal requires',
    (_name, document) => {
      const form = formOf(document);
      expect(faultsOf(form)).toEqual([]);
      const { AssVal, CgstVal, SgstVal, IgstVal, TotInvVal } = form.ValDtls;
      expect(AssVal + CgstVal + SgstVal + IgstVal).toBeCloseTo(TotInvVal, 6);
      for (const item of form.ItemList) expect(Math.abs(item.UnitPrice * item.Qty - item.TotAmt)).toBeLessThan(0.02);
    },
  );

  it('does not exist for a document to an unregistered buyer, nor where the seller’s address has no PIN', () => {
    expect(inv01Of(sampleInvoice({ buyer: { gstin: null } }))).toEqual({ ok: false, reason: 'unregistered_buyer' });
    expect(inv01Of(sampleInvoice({ sellerAddress: 'Fort, Mumbai' }))).toEqual({ ok: false, reason: 'no_seller_pin' });
    expect(inv01Of(sampleInvoice({ buyer: { legalName: 'Ab' } }))).toEqual({ ok: false, reason: 'unfit' });
  });

  it('of a credit note is a CRN that names its invoice', () => {
    const form = formOf(sampleNote(sampleInvoice(), 100_000));
    expect(form.DocDtls).toEqual({ Typ: 'CRN', No: 'PC/26-27/000045', Dt: '03/12/2026' });
    expect(form.RefDtls).toEqual({ PrecDocDtls: [{ InvNo: 'PP/26-27/000123', InvDt: '22/11/2026' }] });
  });

  it('takes street and place out of an address, and no quotation mark into a text', () => {
    const form = formOf(
      sampleInvoice({
        sellerAddress: '4th Floor, Lotus Park, Mumbai - 400 053, Maharashtra',
        buyer: { legalName: 'The "Asha" Medicals', address: 'Camp' },
      }),
    );
    expect(form.SellerDtls).toMatchObject({ Addr1: '4th Floor, Lotus Park', Loc: 'Mumbai', Pin: 400053 });
    expect(form.BuyerDtls).toMatchObject({ LglNm: "The 'Asha' Medicals", Addr1: 'Camp', Loc: 'Maharashtra' });
  });
});

const example = '/work/shared/fixtures/gst/inv01-min.json';
describe.runIf(existsSync(example))('the example of the handbook', () => {
  const worked = existsSync(example) ? (JSON.parse(readFileSync(example, 'utf8')) as Inv01) : null;
  it('passes the same schema, and is what the program makes of the same invoice', () => {
    expect(faultsOf(worked)).toEqual([]);
    const made = formOf(
      sampleInvoice({
        sellerGstin: '27AAPFU0939F1ZV',
        sellerName: 'Sample Software LLP',
        sellerAddress: '101 Annie Besant Road, Mumbai 400018',
        buyer: {
          legalName: 'Sample Pharmacy Pvt Ltd',
          gstin: '29AAGCB7383J1Z4',
          stateCode: '29',
          pin: '560001',
          address: '202 MG Road, Bengaluru',
        },
        description: 'Software plan (one-time licence)',
        pricesIncludeGst: false,
      }),
    );
    expect({ ...made, DocDtls: { ...made.DocDtls, No: 'INV/26-27/000123' } }).toEqual(worked);
  });
});
