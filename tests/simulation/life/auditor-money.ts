// The auditor's rules of money: what the provider captured and sent back stands in the books once, each with its documents, and
// is heard of in time. Imports nothing of the programs that it audits.
import type { Document, LifeBooks, PaymentRow, PurchaseRow, RefundRow } from './auditor-books.ts';
import { dateAt } from './auditor-calendar.ts';
import type { LifeLog, LoggedOrder, LoggedPayment, LoggedPurchase } from './auditor-log.ts';
import { dueBy, momentMs, type YearPaid } from './auditor-plan.ts';

const paise: Readonly<Record<LoggedPurchase['sku'], number>> = {
  'plan.pharmapulse-one': 1_500_000,
  'renewal.year': 100_000,
  'topup.50k': 250_000,
};

export interface MoneyIndex {
  readonly purchases: ReadonlyMap<string, PurchaseRow>;
  readonly payments: ReadonlyMap<string, readonly PaymentRow[]>;
  readonly refunds: ReadonlyMap<string, readonly RefundRow[]>;
  readonly documents: ReadonlyMap<string, readonly Document[]>;
  readonly orders: ReadonlyMap<string, readonly LoggedOrder[]>;
  readonly notes: ReadonlyMap<string, Document>;
}

export const indexMoney = (books: LifeBooks, log: LifeLog): MoneyIndex => ({
  purchases: new Map(books.purchases.map((row) => [row.id, row])),
  payments: Map.groupBy(books.payments, ({ purchase }) => purchase),
  refunds: Map.groupBy(books.refunds, ({ payment }) => payment),
  documents: Map.groupBy(books.documents, ({ purchase }) => purchase),
  orders: Map.groupBy(log.orders, ({ receipt }) => receipt),
  notes: new Map(books.documents.filter(({ kind }) => kind === 'credit_note').map((one) => [one.id, one])),
});

/** The plans and renewals of each org whose money took effect, with when that was known. */
export function yearsPaid(books: LifeBooks, at: MoneyIndex): Map<string, YearPaid[]> {
  const years = new Map<string, YearPaid[]>();
  for (const { org, purchase, id, effect, amount, capturedAt, createdAt } of books.payments) {
    const sku = at.purchases.get(purchase)?.sku;
    if (effect !== 'settled' || sku === 'topup.50k') continue;
    const kind = sku === 'renewal.year' ? 'renewal' : 'plan';
    const one = { purchase, kind, capturedAt, learnedAt: createdAt, goneAt: goneAt(id, amount, at) } as const;
    years.set(org, [...(years.get(org) ?? []), one]);
  }
  return years;
}

function goneAt(payment: string, amount: number, at: MoneyIndex): number {
  const notes = (at.refunds.get(payment) ?? []).flatMap(({ note }) => at.notes.get(note ?? '') ?? []);
  const back = notes.reduce((sum, { total }) => sum + total, 0);
  return back >= amount ? Math.max(...notes.map(({ createdAt }) => createdAt)) : Number.POSITIVE_INFINITY;
}

/** One purchase: what was paid for it at the provider, and what stands of it in the books. */
export function purchaseFaults(
  asked: LoggedPurchase,
  at: MoneyIndex,
  years: readonly YearPaid[],
  log: LifeLog,
): string[] {
  const row = at.purchases.get(asked.id);
  if (row === undefined) return [`${asked.id} was answered and is lost`];
  const faults: string[] = [];
  const say = (what: string) => void faults.push(`${asked.id} of ${asked.org} (${row.sku}, ${row.state}): ${what}`);
  const price = paise[asked.sku] * asked.packs;
  if (row.sku !== asked.sku || row.org !== asked.org || row.amount !== price)
    say(`${asked.sku} of ${price} paise was asked`);
  const orders = at.orders.get(row.receipt) ?? [];
  if (orders.length > 1) say(`has ${orders.length} orders at the provider`);
  if (asked.order !== row.order || row.order !== (orders[0]?.id ?? null))
    say(`order ${asked.order} was told, ${row.order} is kept`);
  const paid = orders.flatMap(({ payments }) => payments);
  const known = at.payments.get(asked.id) ?? [];
  if (known.length !== paid.length) say(`${paid.length} payments at the provider, ${known.length} in the books`);
  if (paid.length === 0 && !['expired', 'cancelled'].includes(row.state)) say('was never paid');
  if (paid.length === 0 && at.documents.has(asked.id)) say('was never paid and has a document');
  for (const payment of paid) {
    const kept = known.find(({ id }) => id === payment.id);
    if (kept === undefined) say(`${payment.id} is not in the books`);
    else
      paymentFaults(asked, payment, kept, row, at, years, log)
        .concat(lateFaults(asked, payment, kept, log))
        .forEach(say);
  }
  return faults;
}

function paymentFaults(
  asked: LoggedPurchase,
  payment: LoggedPayment,
  kept: PaymentRow,
  row: PurchaseRow,
  at: MoneyIndex,
  years: readonly YearPaid[],
  log: LifeLog,
): string[] {
  const faults: string[] = [];
  if (kept.amount !== payment.amount || kept.currency !== 'INR')
    faults.push(`${kept.amount} ${kept.currency} instead of ${payment.amount}`);
  if (kept.capturedAt !== payment.capturedAt)
    faults.push(`captured ${dateAt(payment.capturedAt)}, kept as ${dateAt(kept.capturedAt)}`);
  const right = rightful(asked, kept, years, log);
  const effect = right ? 'settled' : 'refunded';
  if (right !== null && kept.effect !== effect) faults.push(`its money is ${kept.effect} and should be ${effect}`);
  const back = payment.refunds.reduce((sum, { amount }) => sum + amount, 0);
  const rows = at.refunds.get(payment.id) ?? [];
  const told = new Set(payment.refunds.map(({ id }) => id));
  if (rows.length !== told.size || rows.some(({ id, status }) => status !== 'processed' || !told.has(id ?? ''))) {
    faults.push(`${told.size} refunds at the provider, in the books ${JSON.stringify(rows)}`);
  }
  if (kept.refunded !== back) faults.push(`${back} paise went back, the books say ${kept.refunded}`);
  const allBack = back === payment.amount;
  if (row.state !== (allBack ? 'refunded' : 'paid')) faults.push(`${back} paise of ${payment.amount} went back`);
  if (kept.effect !== 'settled' && !allBack) faults.push('its money is nobody’s and did not go back');
  return [...faults, ...documentFaults(asked, payment, kept, at)];
}

/**
 * Whether the org had not this plan, or this service year, already when the money was heard of. A renewal is for the year that
 * was next when it was asked for. null where that changed while it was asked, or while it was heard of: one server's clock is
 * set a moment before the other's, so what both learn between two runs may have come in either order.
 */
function rightful(asked: LoggedPurchase, kept: PaymentRow, years: readonly YearPaid[], log: LifeLog): boolean | null {
  if (asked.sku === 'topup.50k') return true;
  const others = years.filter(({ purchase }) => purchase !== asked.id);
  const knownAt = (at: number) => dueBy(others, Number.POSITIVE_INFINITY, at);
  const before = log.runs.findLast((run) => run < kept.createdAt) ?? 0;
  const after = log.runs.find((run) => run > kept.createdAt) ?? kept.createdAt;
  const dues = new Set([before, kept.createdAt, after + momentMs].map(knownAt));
  const wanted = new Set(
    asked.sku === 'renewal.year' ? [asked.askedAt, asked.askedAt + momentMs].map(knownAt) : [null],
  );
  return dues.size > 1 || wanted.size > 1 ? null : [...dues][0] === [...wanted][0];
}

/** One invoice of the day it was issued on, and a credit note of each refund, which names it; none without an effect. */
function documentFaults({ id }: LoggedPurchase, payment: LoggedPayment, kept: PaymentRow, at: MoneyIndex): string[] {
  const documents = at.documents.get(id) ?? [];
  if (kept.effect !== 'settled') return documents.length === 0 ? [] : ['money without effect has a document'];
  const faults: string[] = [];
  const invoices = documents.filter(({ kind }) => kind === 'invoice');
  const notes = documents.filter(({ kind }) => kind === 'credit_note');
  if (invoices.length !== 1 || invoices[0]?.total !== payment.amount) faults.push(`${invoices.length} invoices`);
  const [amounts, backs] = [notes.map(({ total }) => total), payment.refunds.map(({ amount }) => amount)];
  if (amounts.toSorted().join() !== backs.toSorted().join())
    faults.push(`credit notes of ${amounts}, refunds of ${backs}`);
  if (notes.some(({ original }) => original !== invoices[0]?.id)) faults.push('a credit note names no invoice of it');
  for (const { number, year, issuedOn, createdAt } of documents) {
    const date = dateAt(createdAt);
    const begin = Number(date.slice(0, 4)) - (date.slice(5, 7) < '04' ? 1 : 0);
    const right = `${begin % 100}-${(begin + 1) % 100}`;
    if (issuedOn !== date || year !== right) faults.push(`${number} of ${year} is dated ${issuedOn}, issued ${date}`);
  }
  return faults;
}

const [hour, day] = [3_600_000, 86_400_000];

/** Heard of at the latest when everything due was done after its webhook, or after the hourly look that follows it. */
function lateFaults(
  asked: LoggedPurchase,
  { id, capturedAt }: LoggedPayment,
  kept: PaymentRow,
  log: LifeLog,
): string[] {
  const faults: string[] = [];
  if (kept.createdAt < capturedAt) faults.push(`${id} was known before it was captured`);
  const told = log.heard.get(id) ?? Number.POSITIVE_INFINITY;
  const looked = capturedAt < asked.askedAt + 5 * day - hour ? capturedAt + hour + hour / 6 : Number.POSITIVE_INFINITY;
  const first = log.runs.find((at) => at >= Math.min(told, looked)) ?? Number.POSITIVE_INFINITY;
  // A server that was killed over it keeps the others away for five minutes.
  const run = log.runs.find((at) => at > first + hour / 10);
  if (run !== undefined && kept.createdAt > run + momentMs)
    faults.push(`${id} was heard of ${kept.createdAt - run} ms too late`);
  return faults;
}
