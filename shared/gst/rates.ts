// Owns which rate a service carries on which date. Rates are data: when the GST Council moves one, close the row with
// `to` and add the next; documents already made keep the rate they were made with. Source: facts/gst.md §2.3.

/** One rate in force from `from` to `to`, both included, dates in Asia/Kolkata; `to` is null while it stands. */
export interface GstRate {
  readonly sac: string;
  /** The official heading of the code. */
  readonly heading: string;
  /** The whole rate in basis points: IGST, or CGST and SGST at half each. */
  readonly rateBp: number;
  readonly from: string;
  readonly to: string | null;
}

/** What plan, renewal and credits are sold under unless a product says otherwise. All six digits, printed always. */
export const defaultSac = '997331';

/** In force since GST began; the reform of 22 September 2025 left it at 18 %. */
export const gstRates: readonly GstRate[] = [
  {
    sac: defaultSac,
    heading: 'Licensing services for the right to use computer software and databases',
    rateBp: 1800,
    from: '2017-07-01',
    to: null,
  },
];

/**
 * The rate of a service on a date `YYYY-MM-DD`. Throws RangeError if the table has none or more than one, or the date is
 * no date: a guessed rate would be collected from a customer.
 */
export function gstRateOn(sac: string, date: string, table: readonly GstRate[] = gstRates): GstRate {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) throw new RangeError(`not a date YYYY-MM-DD: "${date}"`);
  const inForce = table.filter((row) => row.sac === sac && row.from <= date && (row.to === null || date <= row.to));
  const [rate, second] = inForce;
  if (rate === undefined || second !== undefined) {
    throw new RangeError(`${inForce.length} rates for SAC ${sac} on ${date}, and there must be one`);
  }
  return rate;
}
