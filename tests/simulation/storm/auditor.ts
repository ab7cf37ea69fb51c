// The auditor: it compares the books with what the provider knows and the customers did, with arithmetic of its own. Imports
// nothing of the programs that it audits, so that a mistake of theirs cannot be its own.
import type { Client } from 'pg';
import { type Books, type PaymentRead, type PurchaseRead, readBooks } from './auditor-books.ts';
import { documentFaults, entryFaults, leftoverFaults } from './auditor-series.ts';

export interface TrueRefund {
  readonly id: string;
  readonly amount: number;
  /** Made through the API; null: by a person at the provider's own pages. */
  readonly receipt: string | null;
}

export interface TruePayment {
  readonly id: string;
  readonly amount: number;
  readonly captured: boolean;
  readonly refunds: readonly TrueRefund[];
}

export interface TrueOrder {
  readonly id: string;
  readonly receipt: string;
  readonly amount: number;
  readonly payments: readonly TruePayment[];
}

/** A purchase that a counter asked for until it was answered. */
export interface Asked {
  readonly org: string;
  readonly id: string;
  readonly packs: number | 'plan';
  /** The order that the counter was told of. */
  readonly order: string | null;
  /** So many paise of its money were to go back by an operator's word. */
  readonly sentBack: number;
}

export interface Truth {
  readonly asked: readonly Asked[];
  /** Orders of this shop alone; what others sell on the same account is not among them. */
  readonly orders: readonly TrueOrder[];
}

export interface Audit {
  readonly findings: readonly string[];
  readonly books: Books;
  readonly figures: Readonly<Record<string, number>>;
}

const planPaise = 1_500_000;
const packPaise = 250_000;
const creditsEach = 50_000;

export async function audit(client: Client, truth: Truth): Promise<Audit> {
  const books = await readBooks(client);
  const at = indexOf(books, truth);
  const findings = [
    ...truth.asked.flatMap((asked) => askedFaults(asked, at)),
    ...planFaults(truth.asked, at),
    ...nothingElse(books, truth, at),
    ...documentFaults(books),
    ...entryFaults(books),
    ...leftoverFaults(books),
  ];
  const [captured, refunded] = [sum(at.captured, ({ amount }) => amount), sum(at.captured, back)];
  const settled = books.payments.filter(({ effect }) => effect === 'settled');
  const kept = settled.filter(({ purchase }) => at.purchase.get(purchase)?.sku !== 'plan.pharmapulse-one');
  const topups = sum(books.entries, ({ kind, delta }) => (kind === 'topup' ? delta : 0));
  if (topups * packPaise !== sum(kept, ({ amount }) => amount) * creditsEach) {
    findings.push(`${topups} credits of top-ups were granted for ${sum(kept, ({ amount }) => amount)} paise`);
  }
  return {
    findings,
    books,
    figures: {
      ...{ asked: truth.asked.length, orders: truth.orders.length, payments: at.captured.length },
      ...{ capturedPaise: captured, refundedPaise: refunded, settled: settled.length },
      invoices: books.documents.filter(({ kind }) => kind === 'invoice').length,
      creditNotes: books.documents.filter(({ kind }) => kind === 'credit_note').length,
      entries: books.entries.length,
    },
  };
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
const back = ({ refunds }: TruePayment): number => sum(refunds, ({ amount }) => amount);

interface Index {
  readonly purchase: ReadonlyMap<string, PurchaseRead>;
  readonly payments: ReadonlyMap<string, readonly PaymentRead[]>;
  readonly documents: ReadonlyMap<string, readonly Books['documents'][number][]>;
  /** Entries that name the purchase. */
  readonly entries: ReadonlyMap<string, readonly Books['entries'][number][]>;
  readonly grants: ReadonlyMap<string, readonly Books['entries'][number][]>;
  readonly refunds: ReadonlyMap<string, readonly Books['refunds'][number][]>;
  readonly orders: ReadonlyMap<string, readonly TrueOrder[]>;
  readonly captured: readonly TruePayment[];
}

function indexOf(books: Books, truth: Truth): Index {
  return {
    purchase: new Map(books.purchases.map((row) => [row.id, row])),
    payments: Map.groupBy(books.payments, ({ purchase }) => purchase),
    documents: Map.groupBy(books.documents, ({ purchase }) => purchase),
    entries: Map.groupBy(books.entries, ({ reference }) => reference ?? ''),
    grants: Map.groupBy(
      books.entries.filter(({ kind }) => kind === 'monthly_grant'),
      ({ org }) => org,
    ),
    refunds: Map.groupBy(books.refunds, ({ payment }) => payment),
    orders: Map.groupBy(truth.orders, ({ receipt }) => receipt),
    captured: truth.orders.flatMap(({ payments }) => payments.filter(({ captured }) => captured)),
  };
}

/** One purchase: what was paid for it at the provider, and what stands of it in the books. */
function askedFaults(asked: Asked, at: Index): string[] {
  const row = at.purchase.get(asked.id);
  if (row === undefined) return [`${asked.id} was answered and is lost`];
  const faults: string[] = [];
  const say = (what: string) => void faults.push(`${asked.id} (${row.state}): ${what}`);
  const price = asked.packs === 'plan' ? planPaise : asked.packs * packPaise;
  if (row.amount !== price || row.org !== asked.org) say(`is ${row.amount} paise of ${row.org}, asked were ${price}`);
  const orders = at.orders.get(row.receipt) ?? [];
  if (orders.length > 1) say(`has ${orders.length} orders at the provider`);
  if (row.order !== (orders[0]?.id ?? null)) say(`names order ${row.order}, the provider has ${orders[0]?.id}`);
  if (asked.order !== row.order) say(`the counter was told order ${asked.order}, the books name ${row.order}`);
  const paid = orders.flatMap(({ payments }) => payments.filter(({ captured }) => captured));
  const known = at.payments.get(asked.id) ?? [];
  if (known.length !== paid.length) say(`${paid.length} payments at the provider, ${known.length} in the books`);
  const [payment] = paid;
  const [kept] = known;
  if (payment === undefined || kept === undefined) {
    const effects = (at.documents.get(asked.id) ?? []).length + (at.entries.get(asked.id) ?? []).length;
    if (payment === undefined && !['expired', 'cancelled'].includes(row.state)) say('was never paid');
    if (payment !== undefined) say(`was paid by ${payment.id} and is stuck`);
    if (effects > 0 && payment === undefined) say(`has ${effects} effects without money`);
    return faults;
  }
  if (kept.id !== payment.id || kept.amount !== payment.amount || kept.currency !== 'INR' || kept.order !== row.order) {
    say(
      `books ${kept.id} ${kept.amount} ${kept.currency} of ${kept.order}, the provider has ${payment.id} ${payment.amount}`,
    );
  }
  moneyBack(asked, payment, kept, row, at).forEach(say);
  if (kept.effect === 'settled') settledFaults(asked, payment, row, at).forEach(say);
  else asideFaults(asked, payment, kept, row, at).forEach(say);
  return faults;
}

/** Every refund at the provider stands in the books once, and no money went back that nobody wanted back. */
function moneyBack(asked: Asked, payment: TruePayment, kept: PaymentRead, row: PurchaseRead, at: Index): string[] {
  const faults: string[] = [];
  const rows = at.refunds.get(payment.id) ?? [];
  const told = new Set(payment.refunds.map(({ id }) => id));
  if (rows.length !== told.size || rows.some(({ id, status }) => status !== 'processed' || !told.has(id ?? ''))) {
    faults.push(`${told.size} refunds at the provider, in the books ${JSON.stringify(rows)}`);
  }
  if (kept.refunded !== back(payment) || row.refunded !== back(payment)) {
    faults.push(`${back(payment)} paise went back, the books say ${kept.refunded} and ${row.refunded}`);
  }
  const byApi = payment.refunds.filter(({ receipt }) => receipt !== null);
  const wanted = kept.effect === 'refunded' ? payment.amount : asked.sentBack;
  if (sum(byApi, ({ amount }) => amount) !== wanted) {
    faults.push(`${wanted} paise were to be sent back, ${sum(byApi, ({ amount }) => amount)} were`);
  }
  return faults;
}

/** Money that had its effect: state, credits, invoice and credit notes, each exactly once. */
function settledFaults(asked: Asked, payment: TruePayment, row: PurchaseRead, at: Index): string[] {
  const faults: string[] = [];
  const allBack = back(payment) === payment.amount;
  if (payment.amount !== row.amount) faults.push(`settled by ${payment.amount} paise instead of ${row.amount}`);
  if (row.state !== (allBack ? 'refunded' : 'paid')) faults.push(`paid, and ${back(payment)} paise went back`);
  const documents = at.documents.get(asked.id) ?? [];
  const invoices = documents.filter(({ kind }) => kind === 'invoice');
  if (invoices.length !== 1 || invoices[0]?.total !== payment.amount) {
    faults.push(`${invoices.length} invoices, of ${invoices.map(({ total }) => total)} paise`);
  }
  const notes = documents.filter(({ kind }) => kind === 'credit_note').map(({ total }) => total);
  const backs = payment.refunds.map(({ amount }) => amount);
  if (notes.toSorted().join() !== backs.toSorted().join()) faults.push(`credit notes of ${notes}, refunds of ${backs}`);
  if (asked.packs === 'plan') return faults;
  const credits = asked.packs * creditsEach;
  const entries = at.entries.get(asked.id) ?? [];
  const topups = entries.filter(({ kind }) => kind === 'topup');
  if (topups.length !== 1 || topups[0]?.delta !== credits || topups[0].org !== asked.org) {
    faults.push(`${topups.length} top-ups, of ${topups.map(({ delta }) => delta)} credits instead of ${credits}`);
  }
  const gone = allBack ? credits : sum(backs, (amount) => Math.floor((credits * amount) / payment.amount));
  const reversals = entries.filter(({ kind }) => kind === 'reversal');
  if (-sum(reversals, ({ delta }) => delta) !== gone || reversals.length !== backs.length) {
    faults.push(`${gone} credits go back by ${backs.length} refunds, entries ${reversals.map(({ delta }) => delta)}`);
  }
  if (entries.length !== topups.length + reversals.length) faults.push('entries of another kind name it');
  return faults;
}

/** Money that has no effect: a wrong amount waits for a person, a second plan went back. */
function asideFaults(asked: Asked, payment: TruePayment, kept: PaymentRead, row: PurchaseRead, at: Index): string[] {
  const faults: string[] = [];
  const wrong = payment.amount !== row.amount;
  const [effect, state] = wrong ? ['review', 'under_review'] : ['refunded', 'refunded'];
  if (!wrong && asked.packs !== 'plan') faults.push(`exact money had no effect but ${kept.effect}`);
  if (kept.effect !== effect || row.state !== state) faults.push(`kept aside as ${kept.effect}, not ${effect}`);
  if (!wrong && back(payment) !== payment.amount) faults.push(`of a second plan ${back(payment)} paise went back`);
  if (at.documents.has(asked.id)) faults.push('money without effect has an invoice');
  if (at.entries.has(asked.id)) faults.push('money without effect has credits');
  return faults;
}

/** One plan of an org has its effect, whatever was paid twice, and one month was granted for it. */
function planFaults(asked: readonly Asked[], at: Index): string[] {
  const faults: string[] = [];
  for (const [org, plans] of Map.groupBy(asked, (one) => one.org)) {
    const of = plans.filter(({ packs }) => packs === 'plan');
    const money = of.flatMap(({ id }) => at.payments.get(id) ?? []);
    const settled = money.filter(({ effect }) => effect === 'settled').length;
    if (settled !== Math.min(1, money.length))
      faults.push(`${org}: ${settled} of ${money.length} plan payments settled`);
    const grants = at.grants.get(org) ?? [];
    if (grants.length !== settled || grants.some(({ delta }) => delta !== creditsEach)) {
      faults.push(`${org}: ${settled} plans, grants of ${grants.map(({ delta }) => delta)}`);
    }
  }
  return faults;
}

/** Nothing stands in the books that no counter asked for, or that the provider does not have. */
function nothingElse(books: Books, truth: Truth, at: Index): string[] {
  const asked = new Set(truth.asked.map(({ id }) => id));
  const captured = new Set(at.captured.map(({ id }) => id));
  const own = new Set(books.purchases.map(({ receipt }) => receipt));
  return [
    ...books.purchases.filter(({ id }) => !asked.has(id)).map(({ id }) => `${id} was never asked for`),
    ...books.payments.filter(({ id }) => !captured.has(id)).map(({ id }) => `${id} is no money of the provider's`),
    ...truth.orders.filter(({ receipt }) => !own.has(receipt)).map(({ id }) => `${id} is of no purchase`),
    ...(asked.size === truth.asked.length ? [] : ['a counter used an id twice']),
  ];
}
