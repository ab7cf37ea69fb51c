// Owns the form INV-01 of a document: what the invoice registration portal (IRP) takes, for a seller who must or wants to
// register there. It has no form for documents to unregistered buyers. Source: facts/gst.md §4 (INV-01 version 1.1).
import { z } from 'zod';
import { rupeesText } from '../ledger/money.ts';
import type { DocumentLine, TaxDocument } from './document.ts';
import { shareHalfUp } from './paise.ts';
import { stateName } from './states.ts';

/** No quotation mark: the portal refuses them in texts. */
const text = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .regex(/^[^"]*$/);
const rupees = z.number().min(0).max(10_000_000_000);
const state = z.string().regex(/^[0-9]{2}$/);
const pin = z.int().min(100_000).max(999_999);
const date = z.string().regex(/^[0-3][0-9]\/[01][0-9]\/20[0-9]{2}$/);
const number = z.string().regex(/^[a-zA-Z1-9][a-zA-Z0-9/-]{0,15}$/);
const party = {
  Gstin: z.string().regex(/^[0-9]{2}[0-9A-Z]{13}$/),
  LglNm: text(3, 100),
  Addr1: text(1, 100),
  Addr2: text(3, 100).optional(),
  Pin: pin,
  Stcd: state,
};

/** As the portal's own schema names the fields; amounts are rupees with two decimals, a unit price has three. */
export const inv01 = z.object({
  Version: z.literal('1.1'),
  TranDtls: z.object({ TaxSch: z.literal('GST'), SupTyp: z.literal('B2B'), RegRev: z.literal('N') }),
  DocDtls: z.object({ Typ: z.enum(['INV', 'CRN']), No: number, Dt: date }),
  SellerDtls: z.object({ ...party, Loc: text(3, 50) }),
  BuyerDtls: z.object({ ...party, Pos: state, Loc: text(3, 100) }),
  ItemList: z
    .array(
      z.object({
        SlNo: z.string().regex(/^[0-9]{1,6}$/),
        PrdDesc: text(3, 300),
        IsServc: z.literal('Y'),
        HsnCd: z.string().regex(/^([0-9]{4}|[0-9]{6}|[0-9]{8})$/),
        Qty: z.int().min(1),
        Unit: z.literal('OTH'),
        UnitPrice: rupees,
        TotAmt: rupees,
        Discount: rupees,
        AssAmt: rupees,
        GstRt: z.number().min(0).max(100),
        IgstAmt: rupees,
        CgstAmt: rupees,
        SgstAmt: rupees,
        TotItemVal: rupees,
      }),
    )
    .min(1),
  ValDtls: z.object({
    AssVal: rupees,
    IgstVal: rupees,
    CgstVal: rupees,
    SgstVal: rupees,
    RndOffAmt: rupees,
    TotInvVal: rupees,
  }),
  RefDtls: z.object({ PrecDocDtls: z.array(z.object({ InvNo: number, InvDt: date })).min(1) }).optional(),
});
export type Inv01 = z.infer<typeof inv01>;

/** Why a document has no INV-01, in words for an operator. */
export const inv01Reasons = {
  unregistered_buyer: 'the buyer has no GSTIN; the portal registers documents between registered parties only',
  no_seller_pin: "the seller's address (SELLER_ADDRESS) names no PIN, and the portal wants one",
  unfit: 'the portal would refuse it: a name has fewer than three letters, or an amount is too large',
} as const satisfies Record<string, string>;

/** The form, or why there is none. */
export type Inv01Result =
  | { readonly ok: true; readonly value: Inv01 }
  | { readonly ok: false; readonly reason: keyof typeof inv01Reasons };

export function inv01Of(document: TaxDocument): Inv01Result {
  const { seller, buyer, original } = document;
  if (buyer.gstin === null) return { ok: false, reason: 'unregistered_buyer' };
  const sellerPin = /(?<![0-9])([1-9][0-9]{2}) ?([0-9]{3})(?![0-9])/.exec(seller.address);
  if (sellerPin === null) return { ok: false, reason: 'no_seller_pin' };
  const form = inv01.safeParse({
    Version: '1.1',
    TranDtls: { TaxSch: 'GST', SupTyp: 'B2B', RegRev: 'N' },
    DocDtls: { Typ: document.kind === 'invoice' ? 'INV' : 'CRN', No: document.number, Dt: dateOf(document.issuedOn) },
    SellerDtls: {
      Gstin: seller.gstin,
      LglNm: plain(seller.name).slice(0, 100),
      ...placeOf(seller.address, stateName(seller.stateCode), 50),
      Pin: Number(`${sellerPin[1]}${sellerPin[2]}`),
      Stcd: seller.stateCode,
    },
    BuyerDtls: {
      Gstin: buyer.gstin,
      LglNm: plain(buyer.legalName).slice(0, 100),
      Pos: document.placeOfSupply,
      ...placeOf(buyer.address, stateName(buyer.stateCode), 100),
      Pin: Number(buyer.pin),
      Stcd: buyer.stateCode,
    },
    ItemList: document.lines.map(itemOf),
    ValDtls: {
      AssVal: inRupees(document.taxablePaise),
      IgstVal: inRupees(document.igstPaise),
      CgstVal: inRupees(document.cgstPaise),
      SgstVal: inRupees(document.sgstPaise),
      RndOffAmt: 0,
      TotInvVal: inRupees(document.totalPaise),
    },
    ...(original === null
      ? {}
      : { RefDtls: { PrecDocDtls: [{ InvNo: original.number, InvDt: dateOf(original.issuedOn) }] } }),
  });
  return form.success ? { ok: true, value: form.data } : { ok: false, reason: 'unfit' };
}

function itemOf(line: DocumentLine, at: number) {
  // Thousandths of a rupee: the price of one without tax, which for an inclusive price is no whole paisa.
  const thousandths = String(shareHalfUp(line.taxablePaise, 10, line.quantity)).padStart(4, '0');
  return {
    SlNo: String(at + 1),
    PrdDesc: plain(line.description).slice(0, 300),
    IsServc: 'Y',
    HsnCd: line.sac,
    Qty: line.quantity,
    Unit: 'OTH',
    UnitPrice: Number(`${thousandths.slice(0, -3)}.${thousandths.slice(-3)}`),
    TotAmt: inRupees(line.taxablePaise),
    Discount: 0,
    AssAmt: inRupees(line.taxablePaise),
    GstRt: Number(rupeesText(line.rateBp)),
    IgstAmt: inRupees(line.igstPaise),
    CgstAmt: inRupees(line.cgstPaise),
    SgstAmt: inRupees(line.sgstPaise),
    TotItemVal: inRupees(line.totalPaise),
  };
}

/** Up to fifteen digits a decimal text and its number are the same; amounts have at most twelve. */
const inRupees = (paise: number): number => Number(rupeesText(paise));

const dateOf = (date: string): string => date.split('-').reverse().join('/');

const plain = (words: string): string => words.replaceAll('"', "'").trim();

/**
 * Street and place out of one line of address: the place is its last part that is neither the PIN nor the state. Without such
 * a part the state stands for it. What is longer than the form is left out at the end.
 */
function placeOf(address: string, stateOf: string, longest: number): { Addr1: string; Addr2?: string; Loc: string } {
  const parts = plain(address)
    .split(',')
    .map((part) =>
      part
        .replace(/(?<![0-9])[1-9][0-9]{2} ?[0-9]{3}(?![0-9])/, '')
        .replace(/[\s-]+$/, '')
        .trim(),
    )
    .filter((part) => part !== '' && part.toLowerCase() !== stateOf.toLowerCase());
  const last = parts.length > 1 ? parts.at(-1) : undefined;
  const isPlace = last !== undefined && last.length >= 3;
  const street = (isPlace ? parts.slice(0, -1) : parts).join(', ') || stateOf;
  const rest = street.slice(100, 200).trim();
  return {
    Addr1: street.slice(0, 100).trim(),
    ...(rest.length >= 3 ? { Addr2: rest } : {}),
    Loc: (isPlace ? last : stateOf).slice(0, longest),
  };
}
