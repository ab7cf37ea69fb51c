// Owns the amounts at which the law begins to ask for more, as data with the dates from which they hold. When one is moved,
// close the row with `to` and add the next. Sources: facts/gst.md §1.1 (dynamic QR), §4 (e-invoice).

export type LimitName = 'e_invoice_turnover' | 'e_invoice_30_days' | 'dynamic_qr_turnover' | 'b2c_large_invoice';

export interface GstLimit {
  readonly name: LimitName;
  readonly meaning: string;
  readonly paise: number;
  /** Dates in Asia/Kolkata, both included; `to` is null while it stands. */
  readonly from: string;
  readonly to: string | null;
}

const lakh = 10_000_000;
const crore = 1_000_000_000;

/** Only what holds for documents that this product can have made; what went before is not kept. */
export const gstLimits: readonly GstLimit[] = [
  {
    name: 'e_invoice_turnover',
    meaning: 'aggregate turnover of any financial year above which every B2B document needs an IRN',
    paise: 5 * crore,
    from: '2023-08-01',
    to: null,
  },
  {
    name: 'e_invoice_30_days',
    meaning: 'turnover from which a document must be reported for its IRN within 30 days',
    paise: 10 * crore,
    from: '2025-04-01',
    to: null,
  },
  {
    name: 'dynamic_qr_turnover',
    meaning: 'aggregate turnover above which an invoice to an unregistered buyer needs a dynamic QR code',
    paise: 500 * crore,
    from: '2020-12-01',
    to: null,
  },
  {
    name: 'b2c_large_invoice',
    meaning: 'value above which an inter-State invoice to an unregistered buyer is listed by itself in GSTR-1',
    paise: lakh,
    from: '2024-08-01',
    to: null,
  },
];

/**
 * The limit in force on a date `YYYY-MM-DD`, in paise. Throws RangeError if the table has none or more than one for it, or the
 * date is no date: a guessed limit would be warned of too late.
 */
export function gstLimitOn(name: LimitName, date: string, table: readonly GstLimit[] = gstLimits): number {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) throw new RangeError(`not a date YYYY-MM-DD: "${date}"`);
  const inForce = table.filter((row) => row.name === name && row.from <= date && (row.to === null || date <= row.to));
  const [limit, second] = inForce;
  if (limit === undefined || second !== undefined) {
    throw new RangeError(`${inForce.length} limits ${name} on ${date}, and there must be one`);
  }
  return limit.paise;
}

const warnFrom = { part: 9, of: 10 } as const;

/**
 * Whether a turnover (taxable value, without tax) has come to 90 % of the limit for e-invoices on that date, and the limit.
 */
export function turnoverShare(
  turnoverPaise: number,
  date: string,
): { readonly near: boolean; readonly limitPaise: number } {
  const limitPaise = gstLimitOn('e_invoice_turnover', date);
  return { near: turnoverPaise * warnFrom.of >= limitPaise * warnFrom.part, limitPaise };
}
