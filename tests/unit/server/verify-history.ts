// One org's whole history as it should be, built by rules of its own, for the verifier's tests to change: plan, renewal,
// top-up with a part refunded, a second plan that went back, money under review, grants, spends, holds and documents.
import { createHash } from 'node:crypto';
import type { AttentionKind, FaultKind } from '../../../shared/contract/admin.ts';
import { buildCreditNote } from '../../../shared/gst/credit-note.ts';
import { buildInvoice } from '../../../shared/gst/invoice.ts';
import { chainStart, chainText, type HashedFields } from '../../../shared/ledger/chain.ts';
import { startOrgCheck } from '../../../sync-server/ledger/verify.ts';
import type {
  CacheFact,
  DocumentFact,
  EntryFact,
  Findings,
  HoldFact,
  OrgFacts,
  PaymentFact,
  PurchaseFact,
  SubscriptionFact,
} from '../../../sync-server/ledger/verify-facts.ts';
import { neighbour, seller } from '../gst/samples.ts';

export const orgId = 'org_Asha';
export const now = new Date('2027-10-02T06:30:00.000Z');
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** A hold without the entry that it names: that is looked up among the entries, as the database does. */
export type StoredHold = Changing<Omit<HoldFact, 'entry'>>;

export interface History {
  cache: Changing<CacheFact> | null;
  subscription: Changing<SubscriptionFact> | null;
  purchases: Changing<PurchaseFact>[];
  payments: Changing<PaymentFact>[];
  entries: Changing<EntryFact>[];
  holds: StoredHold[];
  documents: Changing<DocumentFact>[];
}

const paidPlan = '2026-11-22T06:30:00.000Z';
const paidTopup = '2026-11-23T10:00:00.000Z';
const paidRenewal = '2027-10-01T04:00:00.000Z';

const purchase = (id: string, change: Partial<PurchaseFact>): PurchaseFact => ({
  purchaseId: id,
  sku: 'topup.50k',
  quantity: 1,
  state: 'paid',
  listPricePaise: 250_000,
  pricesIncludeGst: true,
  rateBp: 1800,
  sac: '997331',
  amountPaise: 250_000,
  credits: 50_000,
  renewalDue: null,
  provider: 'razorpay',
  providerOrderId: `order_${id}`,
  paidAt: null,
  closedAt: null,
  refundedPaise: 0,
  ...change,
});
const plan = { sku: 'plan.pharmapulse-one', listPricePaise: 1_500_000, amountPaise: 1_500_000, credits: 0 } as const;
const renewal = { sku: 'renewal.year', listPricePaise: 100_000, amountPaise: 100_000, credits: 0 } as const;

const purchases: readonly PurchaseFact[] = [
  purchase('pur_plan', { ...plan, paidAt: paidPlan }),
  purchase('pur_topup', {
    quantity: 2,
    amountPaise: 500_000,
    credits: 100_000,
    paidAt: paidTopup,
    refundedPaise: 11_800,
  }),
  purchase('pur_renewal', { ...renewal, renewalDue: '2027-11-22', paidAt: paidRenewal }),
  purchase('pur_second', { ...plan, state: 'refunded', refundedPaise: 1_500_000 }),
  purchase('pur_review', { state: 'under_review' }),
  purchase('pur_open', { state: 'awaiting_payment', providerOrderId: null }),
];

const payment = (of: string, amountPaise: number, change: Partial<PaymentFact>): PaymentFact => ({
  provider: 'razorpay',
  paymentId: `pay_${of}`,
  purchaseId: of,
  providerOrderId: `order_${of}`,
  amountPaise,
  currency: 'INR',
  capturedAt: paidPlan,
  effect: 'settled',
  reason: null,
  refundId: null,
  refundedPaise: 0,
  ...change,
});

const payments: readonly PaymentFact[] = [
  payment('pur_plan', 1_500_000, {}),
  payment('pur_topup', 500_000, { capturedAt: paidTopup, refundId: 'rfnd_1', refundedPaise: 11_800 }),
  payment('pur_renewal', 100_000, { capturedAt: paidRenewal }),
  payment('pur_second', 1_500_000, { effect: 'refunded', refundId: 'rfnd_2', refundedPaise: 1_500_000 }),
  payment('pur_review', 249_999, { effect: 'review', reason: '249999 paise instead of 250000' }),
];

type EntrySeed = Pick<HashedFields, 'delta' | 'kind' | 'reference' | 'occurredAt'> & Partial<HashedFields>;

/** Chained by the contract's own words, not by the server's code. */
export function chained(seeds: readonly EntrySeed[]): EntryFact[] {
  let [hash, balance] = [chainStart, 0];
  return seeds.map((seed, at) => {
    balance += seed.delta;
    const fields = {
      idempotencyKey: null,
      actor: 'system',
      feature: null,
      ...seed,
      seq: at + 1,
      balanceAfter: balance,
    };
    hash = sha256(chainText(hash, orgId, fields));
    return { ...fields, hash };
  });
}

const spend = (delta: number, reference: string | null, idempotencyKey: string): EntrySeed => ({
  ...{ delta, kind: 'spend', reference, idempotencyKey, actor: 'dev_1', feature: 'ai.assist' },
  occurredAt: '2026-11-24T08:00:00.000Z',
});
const monthly = (month: string, occurredAt: string): EntrySeed => ({
  ...{ delta: 50_000, kind: 'monthly_grant', reference: month, idempotencyKey: `grant:${month}`, occurredAt },
});

export const seeds: readonly EntrySeed[] = [
  monthly('2026-11', paidPlan),
  { delta: 100_000, kind: 'topup', reference: 'pur_topup', actor: 'dev_1', occurredAt: paidTopup },
  spend(-1_200, 'bill 42', 'key-1'),
  spend(-300, 'hold_taken', 'key-2'),
  monthly('2026-12', '2026-11-30T18:30:00.000Z'),
  { delta: 50, kind: 'adjustment', reference: 'goodwill', actor: 'operator', occurredAt: '2026-12-05T09:00:00.000Z' },
  { delta: -2_360, kind: 'reversal', reference: 'pur_topup', occurredAt: '2026-12-06T09:00:00.000Z' },
];

const hold = (holdId: string, amount: number, change: Partial<HoldFact>): StoredHold => ({
  ...{ holdId, amount, feature: 'ai.assist', state: 'open', capturedAmount: null, entrySeq: null, closedAt: null },
  expiresAt: '2027-10-02T06:40:00.000Z',
  ...change,
});
const holds: readonly StoredHold[] = [
  hold('hold_open', 500, {}),
  hold('hold_gone', 70, { state: 'released', closedAt: '2026-11-24T08:10:00.000Z' }),
  hold('hold_taken', 400, {
    ...{ state: 'captured', capturedAmount: 300, entrySeq: 4, closedAt: '2026-11-24T08:00:00.000Z' },
  }),
];

function invoiceOf(of: PurchaseFact, serial: number, issuedOn: string, financialYear: string) {
  const { listPricePaise: unitPaise, quantity, rateBp, sac } = of;
  return buildInvoice({
    id: `inv_${of.purchaseId}`,
    number: `PP/${financialYear}/00000${serial}`,
    ...{ issuedOn, purchaseId: of.purchaseId, seller, buyer: neighbour, pricesIncludeGst: of.pricesIncludeGst },
    line: { description: of.sku, sac, quantity, unitPaise, rateBp },
  });
}

const rowOf = (document: ReturnType<typeof invoiceOf> | ReturnType<typeof buildCreditNote>): DocumentFact => ({
  invoiceId: document.id,
  kind: document.kind,
  series: document.number.slice(0, 2),
  financialYear: document.financialYear,
  serial: Number(document.number.slice(-6)),
  number: document.number,
  issuedOn: document.issuedOn,
  purchaseId: document.purchaseId,
  originalId: document.original?.id ?? null,
  totalPaise: document.totalPaise,
  document,
});

function documents(): DocumentFact[] {
  const [first, second, third] = purchases;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no purchases');
  const topup = invoiceOf(second, 2, '2026-11-23', '26-27');
  const note = buildCreditNote({
    ...{ id: 'inv_note', number: 'PC/26-27/000001', issuedOn: '2026-12-06', invoice: topup, credited: [] },
    amountPaise: 11_800,
  });
  const invoices = [invoiceOf(first, 1, '2026-11-22', '26-27'), topup, invoiceOf(third, 1, '2027-10-01', '27-28')];
  return [...invoices, note].map(rowOf);
}

/** A fresh copy of the right history. */
export function rightHistory(): History {
  const entries = chained(seeds);
  const last = entries.at(-1);
  if (last === undefined) throw new Error('no entries');
  return structuredClone({
    cache: { balance: last.balanceAfter, held: 500, seq: last.seq, hash: last.hash },
    subscription: {
      planType: 'one_time',
      oneTimePurchasedAt: paidPlan,
      oneTimeAmountPaise: 1_500_000,
      serviceRenewalNextDue: '2028-11-22',
      branchesIncluded: 1,
      prioritySupport: true,
      monthlyCreditGrant: 50_000,
      // The server was down since: December is decided, and January is next.
      nextGrantAt: '2026-12-31T18:30:00.000Z',
    },
    purchases: [...purchases],
    payments: [...payments],
    entries,
    holds: [...holds],
    documents: documents(),
  });
}

export interface Told {
  readonly kind: FaultKind | AttentionKind;
  readonly subject: string;
}

/** Shows a history to the verifier, in the order that it asks for. */
export function show(history: History, at: Date, findings: Findings): void {
  const facts: OrgFacts = { ...history, orgId };
  const check = startOrgCheck(facts, at, sha256, findings);
  for (const entry of history.entries) check.entry(entry);
  const named = history.holds.toSorted((a, b) => (a.entrySeq ?? 0) - (b.entrySeq ?? 0));
  for (const one of named) {
    check.hold({ ...one, entry: history.entries.find(({ seq }) => seq === one.entrySeq) ?? null });
  }
  for (const document of history.documents) check.document(document);
  check.finish();
}

/** What the verifier says of a history. */
export function verify(history: History, at: Date = now): { faults: Told[]; attention: Told[] } {
  const faults: Told[] = [];
  const attention: Told[] = [];
  show(history, at, {
    fault: (kind, subject) => faults.push({ kind, subject }),
    attention: (kind, subject) => attention.push({ kind, subject }),
  });
  return { faults, attention };
}
