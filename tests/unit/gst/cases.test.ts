// The worked invoices of the handbook, matched to the paisa. They are read where they lie and run only where they are.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkGstin } from '../../../shared/gst/gstin.ts';
import { shareHalfUp } from '../../../shared/gst/paise.ts';
import { isIntraState, placeOfSupply, secondHeadLabel } from '../../../shared/gst/place-of-supply.ts';
import { isStateCode, type StateCode } from '../../../shared/gst/states.ts';
import { splitTax, type TaxSplit } from '../../../shared/gst/tax.ts';
import { amountInWords } from '../../../shared/gst/words.ts';

const file = new URL('../../../../shared/fixtures/gst/cases.json', import.meta.url);

const stateCode = z.string().refine((code): code is StateCode => isStateCode(code));
const amounts = z.object({
  taxablePaise: z.int(),
  cgstPaise: z.int(),
  sgstOrUtgstPaise: z.int(),
  igstPaise: z.int(),
  totalPaise: z.int(),
});
const cases = z.object({
  cases: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        supplier: z.object({ gstin: z.string(), stateCode }),
        recipient: z.object({ gstin: z.string().nullable(), stateCode: z.string() }),
        placeOfSupply: stateCode,
        interState: z.boolean(),
        taxHeads: z.array(z.string()),
        gstRateBp: z.int(),
        lines: z.array(
          z.object({
            qty: z.int(),
            unitPaise: z.int(),
            discountBp: z.int().optional(),
            inclusive: z.boolean(),
            expect: amounts.extend({ grossPaise: z.int(), discountPaise: z.int() }),
          }),
        ),
        expect: amounts.extend({ totalTaxPaise: z.int(), payablePaise: z.int(), words: z.string() }),
      }),
    )
    .min(1),
});
type Case = z.infer<typeof cases>['cases'][number];

/** The product sells without discounts, so the price after the discount stands for the price of one. */
function splitOf(line: Case['lines'][number], worked: Case, intraState: boolean): TaxSplit {
  const { qty, unitPaise, discountBp, inclusive } = line;
  const rateBp = worked.gstRateBp;
  if (discountBp === undefined)
    return splitTax({ pricePaise: unitPaise, quantity: qty, rateBp, inclusive, intraState });
  const gross = unitPaise * qty;
  const discount = shareHalfUp(gross, discountBp, 10_000);
  expect(discount).toBe(line.expect.discountPaise);
  return splitTax({ pricePaise: gross - discount, rateBp, inclusive, intraState });
}

function fromSplit(split: TaxSplit) {
  const { sgstPaise: sgstOrUtgstPaise, ...rest } = split;
  return { ...rest, sgstOrUtgstPaise };
}

describe.runIf(existsSync(file))('the worked invoices', () => {
  const worked = existsSync(file) ? cases.parse(JSON.parse(readFileSync(file, 'utf8'))).cases : [];

  it.each(worked)('$id: $title', (one) => {
    expect(checkGstin(one.supplier.gstin)).toMatchObject({ ok: true, stateCode: one.supplier.stateCode });
    const place = placeOfSupply(one.recipient);
    expect(place).toBe(one.placeOfSupply);
    const intraState = isIntraState(one.supplier.stateCode, place);
    expect(intraState).toBe(!one.interState);
    expect(intraState ? ['CGST', secondHeadLabel(place)] : ['IGST']).toEqual(one.taxHeads);

    const total = { taxablePaise: 0, cgstPaise: 0, sgstOrUtgstPaise: 0, igstPaise: 0, totalPaise: 0 };
    for (const line of one.lines) {
      const split = fromSplit(splitOf(line, one, intraState));
      expect(line.expect).toMatchObject(split);
      total.taxablePaise += split.taxablePaise;
      total.cgstPaise += split.cgstPaise;
      total.sgstOrUtgstPaise += split.sgstOrUtgstPaise;
      total.igstPaise += split.igstPaise;
      total.totalPaise += split.totalPaise;
    }
    expect(one.expect).toMatchObject(total);
    // The product prints no round-off row; the words of a rounded case are those of what is payable.
    expect(amountInWords(one.expect.payablePaise)).toBe(one.expect.words);
  });
});
