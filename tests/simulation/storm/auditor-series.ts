// The auditor's rules for what stands in a row: documents without a gap, entries without a gap, and nothing left to do. Imports
// nothing of the programs that it audits.
import type { Books, DocumentRead } from './auditor-books.ts';

/** Numbers go 1, 2, 3 in each series and year, each once, and what is printed adds up. */
export function documentFaults({ documents }: Pick<Books, 'documents'>): string[] {
  const faults: string[] = [];
  const last = new Map<string, number>();
  for (const one of documents) {
    const series = `${one.kind === 'invoice' ? 'PP' : 'PC'}/${one.year}`;
    const expected = (last.get(series) ?? 0) + 1;
    const number = `${series}/${String(expected).padStart(6, '0')}`;
    last.set(series, expected);
    if (one.serial !== expected || one.number !== number || one.printed !== number) {
      faults.push(`${one.number} (${one.serial}, printed ${one.printed}) stands where ${number} belongs`);
    }
    if (!addsUp(one)) faults.push(`${one.number} does not add up: ${JSON.stringify(one)}`);
  }
  return faults;
}

/** 18 % inside the price, whole paise: half of it each to centre and state, or all of it to the union. */
function addsUp({ total, printedTotal, taxable, cgst, sgst, igst }: DocumentRead): boolean {
  if (printedTotal !== total || taxable + cgst + sgst + igst !== total || cgst !== sgst) return false;
  if (igst > 0 === cgst > 0) return false;
  // A credit note of a part may carry the rest of earlier roundings: one paisa a head.
  return igst > 0 ? Math.abs(igst * 118 - total * 18) <= 118 : Math.abs(cgst * 118 - total * 9) <= 118;
}

/** Each org's entries go 1, 2, 3, and fold to the balance that is kept beside them. */
export function entryFaults({ entries, caches }: Books): string[] {
  const faults: string[] = [];
  const heads = new Map<string, { seq: number; balance: number }>();
  for (const { org, seq, delta, balance, kind } of entries) {
    const head = heads.get(org) ?? { seq: 0, balance: 0 };
    const after = { seq: head.seq + 1, balance: head.balance + delta };
    heads.set(org, after);
    if (seq !== after.seq || balance !== after.balance || balance < 0) {
      faults.push(`${org}: entry ${seq} leaves ${balance}, entry ${after.seq} would leave ${after.balance}`);
    }
    if (!['topup', 'monthly_grant', 'reversal'].includes(kind)) faults.push(`${org}: entry ${seq} is a ${kind}`);
  }
  for (const { org, balance, held, seq } of caches) {
    const head = heads.get(org) ?? { seq: 0, balance: 0 };
    if (balance !== head.balance || seq !== head.seq || held !== 0) {
      faults.push(
        `${org}: the cache says ${balance} at ${seq} (${held} held), the entries ${head.balance} at ${head.seq}`,
      );
    }
  }
  return faults;
}

/** Alarms that would say that money and effect differ. */
const badAlarms = ['effect_without_money', 'money_without_effect', 'second_order', 'reversal_short', 'refund_failed'];

/** Nothing waits to be done, and nothing asks for a person who could have been spared. */
export function leftoverFaults({ purchases, refunds, inbox, alarms }: Books): string[] {
  const waiting = ['pending', 'parked'].filter((state) => (inbox[state] ?? 0) > 0);
  return [
    ...waiting.map((state) => `${inbox[state]} webhooks are ${state}`),
    ...purchases.filter(({ state }) => state === 'awaiting_payment').map(({ id }) => `${id} still waits for money`),
    ...refunds.filter(({ shortfall }) => shortfall > 0).map(({ purchase }) => `${purchase}: a reversal fell short`),
    ...badAlarms.filter((kind) => kind in alarms).map((kind) => `${alarms[kind]} alarms: ${kind}`),
  ];
}
