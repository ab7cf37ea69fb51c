// Whatever single field of whatever row is changed to whatever else, the verifier finds it. Fields that no fact proves are
// named with the reason, and every other field of every row must be in the table.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generated } from './seed.ts';
import { type History, rightHistory, verify } from './verify-history.ts';

type Row = Record<string, unknown>;

interface Kind {
  /** The rows of this kind in a history. */
  readonly rows: (history: History) => readonly Row[];
  /** What a field may be changed to. */
  readonly fields: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  /** Fields that nothing proves, and why. */
  readonly unproven?: Readonly<Record<string, string>>;
}

const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer(), fc.maxSafeInteger());
const natural = fc.oneof(fc.nat(5), fc.nat());
const text = fc.oneof(fc.string(), fc.constantFrom('pur_plan', 'pur_topup', 'hold_taken', '2026-11', 'a\nb'));
const orNull = (value: fc.Arbitrary<unknown>) => fc.oneof(fc.constant(null), value);
const past = { min: new Date('2020-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true };
const instant = fc.date(past).map((date) => date.toISOString());
const date = instant.map((text) => text.slice(0, 10));
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const flag = fc.boolean();
const of = (...values: unknown[]) => fc.constantFrom(...values);

const states = of('awaiting_payment', 'paid', 'under_review', 'cancelled', 'expired', 'refunded');
const settledPurchase = {
  purchaseId: text,
  sku: of('plan.pharmapulse-one', 'renewal.year', 'topup.50k'),
  quantity: natural,
  state: states,
  listPricePaise: natural,
  pricesIncludeGst: flag,
  rateBp: natural,
  sac: text,
  amountPaise: natural,
  credits: natural,
  renewalDue: orNull(date),
  provider: text,
  providerOrderId: orNull(text),
  paidAt: orNull(instant),
  refundedPaise: natural,
};
const purchases =
  (...ids: string[]) =>
  ({ purchases: own }: History) =>
    own.filter(({ purchaseId }) => ids.includes(purchaseId));
const payments =
  (...ids: string[]) =>
  ({ payments: own }: History) =>
    own.filter(({ purchaseId }) => ids.includes(purchaseId));
const holds =
  (...ids: string[]) =>
  ({ holds: own }: History) =>
    own.filter(({ holdId }) => ids.includes(holdId));
const payment = {
  provider: text,
  purchaseId: text,
  providerOrderId: text,
  amountPaise: natural,
  effect: of('settled', 'review', 'refund_due', 'refunded'),
  refundedPaise: natural,
};
const providersWord = "the provider's own word: nothing here is computed from it; reconciling asks the provider";
const invoiceInside = ({ documents }: History) =>
  documents.filter(({ kind }) => kind === 'invoice').map(({ document }) => document as Row);
const heads = {
  taxablePaise: natural,
  cgstPaise: natural,
  sgstPaise: natural,
  igstPaise: natural,
  totalPaise: natural,
};
const snapshot = 'names and addresses as they were on the day: nothing else keeps them';

const kinds: Readonly<Record<string, Kind>> = {
  entry: {
    rows: ({ entries }) => entries,
    fields: {
      ...{ seq: number, delta: number, balanceAfter: number, occurredAt: instant, hash },
      ...{ kind: of('monthly_grant', 'topup', 'spend', 'reversal', 'adjustment') },
      ...{ reference: orNull(text), idempotencyKey: orNull(text), actor: orNull(text), feature: orNull(text) },
    },
  },
  'balance cache': {
    rows: ({ cache }) => (cache === null ? [] : [cache as unknown as Row]),
    fields: { balance: number, held: number, seq: number, hash },
  },
  subscription: {
    rows: ({ subscription }) => (subscription === null ? [] : [subscription as unknown as Row]),
    fields: {
      ...{ planType: orNull(of('one_time', 'subscription')), oneTimePurchasedAt: orNull(instant) },
      ...{ oneTimeAmountPaise: orNull(natural), serviceRenewalNextDue: orNull(date), branchesIncluded: natural },
      ...{ prioritySupport: flag, monthlyCreditGrant: natural, nextGrantAt: orNull(instant) },
    },
  },
  'settled purchase': {
    rows: purchases('pur_plan', 'pur_topup', 'pur_renewal'),
    fields: settledPurchase,
    unproven: { closedAt: 'what is paid and stays so has no end that anything counts from' },
  },
  'settled payment': {
    rows: payments('pur_plan', 'pur_topup', 'pur_renewal'),
    fields: { ...payment, currency: text, capturedAt: instant },
    unproven: { paymentId: providersWord, refundId: providersWord, reason: 'a sentence for people' },
  },
  'payment that went back': {
    rows: payments('pur_second'),
    fields: { ...payment, refundId: of(null) },
    unproven: {
      ...{ paymentId: providersWord, currency: providersWord, capturedAt: providersWord },
      reason: 'a sentence for people',
    },
  },
  'open hold': {
    rows: holds('hold_open'),
    fields: {
      ...{ amount: natural, state: of('captured', 'released', 'expired'), closedAt: instant },
      ...{ capturedAmount: natural, entrySeq: natural },
    },
    unproven: {
      ...{ holdId: 'nothing names an open hold yet', feature: 'no entry says it yet' },
      expiresAt: 'a time limit proves nothing; one long over is told',
    },
  },
  'captured hold': {
    rows: holds('hold_taken'),
    fields: {
      ...{ holdId: text, feature: text, state: of('open', 'released', 'expired'), closedAt: of(null) },
      ...{ capturedAmount: orNull(number), entrySeq: orNull(natural) },
    },
    unproven: { amount: 'any amount not below the captured one; the rest went back', expiresAt: 'over' },
  },
  'hold that went back': {
    rows: holds('hold_gone'),
    fields: {
      ...{ state: of('open', 'captured'), closedAt: of(null), capturedAmount: natural, entrySeq: natural },
    },
    unproven: {
      ...{
        holdId: 'nothing was taken for it',
        feature: 'nothing was taken for it',
        amount: 'nothing was taken for it',
      },
      expiresAt: 'over',
    },
  },
  'document row': {
    rows: ({ documents }) => documents as unknown as Row[],
    fields: {
      ...{ invoiceId: text, kind: of('invoice', 'credit_note'), series: of('PP', 'PC', 'XX'), financialYear: text },
      ...{ serial: number, number: text, issuedOn: date, purchaseId: text, originalId: orNull(text) },
      ...{ totalPaise: natural, document: orNull(fc.jsonValue()) },
    },
  },
  'inside an invoice': {
    rows: invoiceInside,
    fields: {
      ...{ id: text, kind: of('invoice', 'credit_note'), number: text, financialYear: text, issuedOn: date },
      ...{ purchaseId: text, original: fc.jsonValue(), placeOfSupply: of('27', '29', '30', '99'), reverseCharge: flag },
      ...{ lines: fc.array(fc.jsonValue()), totalInWords: text, ...heads },
    },
    unproven: { seller: snapshot, buyer: snapshot },
  },
  "an invoice's line": {
    rows: (history) => invoiceInside(history).flatMap(({ lines }) => lines as Row[]),
    fields: { sac: text, quantity: natural, unitPaise: natural, rateBp: natural, ...heads },
    unproven: { description: 'the words for what was sold' },
  },
};

describe.each(Object.entries(kinds))('%s', (_name, { rows, fields, unproven = {} }) => {
  test('has no field that is forgotten here', () => {
    const known = [...Object.keys(fields), ...Object.keys(unproven)].sort();
    const own = rows(rightHistory());
    expect(own.length).toBeGreaterThan(0);
    for (const row of own) expect(Object.keys(row).sort()).toEqual(known);
  });

  test.each(Object.entries(fields))('%s: any other value is found', (field, values) => {
    const count = rows(rightHistory()).length;
    fc.assert(
      fc.property(fc.nat(count - 1), values, (at, value) => {
        const history = rightHistory();
        const row = rows(history)[at] ?? {};
        fc.pre(JSON.stringify(row[field]) !== JSON.stringify(value));
        row[field] = value;
        expect(verify(history).faults).not.toEqual([]);
      }),
      generated(60),
    );
  });
});
