// The verifier's checks, kind by kind: the right history passes, and each way of being wrong is named as what it is.
import { describe, expect, test } from 'vitest';
import { type FaultKind, faultCatalogue } from '../../../shared/contract/admin.ts';
import { startSeries } from '../../../sync-server/ledger/verify-documents.ts';
import { ledgerCases } from './verify-cases.ts';
import { changed, document, entry, payment, purchase, rewritten, set, without } from './verify-changes.ts';
import { type History, now, rightHistory, verify } from './verify-history.ts';
import { moneyCases } from './verify-money-cases.ts';

const cases = [...ledgerCases, ...moneyCases].map(
  ([kind, what, make, besides]) => [kind, what, make, besides ?? []] as const,
);

const kinds = (history: History, at = now) => [...new Set(verify(history, at).faults.map(({ kind }) => kind))].sort();

test('the right history has no fault, and its money under review is told as something to look at', () => {
  expect(verify(rightHistory())).toEqual({
    faults: [],
    attention: [{ kind: 'money_review', subject: 'payment pay_pur_review' }],
  });
});

test('a new org, without plan or entry, has no fault', () => {
  const cache = { balance: 0, held: 0, seq: 0, hash: '0'.repeat(64) };
  const none = { planType: null, oneTimePurchasedAt: null, oneTimeAmountPaise: null, serviceRenewalNextDue: null };
  const gives = { branchesIncluded: 0, prioritySupport: false, monthlyCreditGrant: 0, nextGrantAt: null };
  const subscription = { ...none, ...gives };
  const empty = { purchases: [], payments: [], entries: [], holds: [], documents: [] };
  expect(verify({ cache, subscription, ...empty })).toEqual({ faults: [], attention: [] });
});

describe('each kind of fault is named', () => {
  test.each(cases)('%s: %s', (kind, _what, make, besides) => {
    expect(kinds(make())).toEqual([kind, ...besides].sort());
  });

  test('one changed row is told once, not for every row behind it', () => {
    const history = changed((own) => set(entry(own, 2), { actor: 'dev_9' }));
    expect(verify(history).faults).toEqual([{ kind: 'entry_hash', subject: 'entry 2' }]);
  });
});

describe('grants', () => {
  const monthOf = (at: string, month: string, change: (own: History) => void = () => undefined) => {
    const history = rewritten((own) => own.push({ ...own[4], reference: month }));
    change(history);
    return verify(history, new Date(at)).faults.map(({ kind, subject }) => `${kind} of ${subject}`);
  };
  const noRenewal = (own: History) => {
    without(own.purchases, purchase(own, 'pur_renewal'));
    without(own.payments, payment(own, 'pur_renewal'));
    without(own.documents, document(own, 'inv_pur_renewal'));
    set(own.subscription ?? {}, { serviceRenewalNextDue: '2027-11-22' });
  };
  const lateRenewal = (own: History) => {
    const paidAt = '2028-02-10T04:00:00.000Z';
    purchase(own, 'pur_renewal').paidAt = paidAt;
    payment(own, 'pur_renewal').capturedAt = paidAt;
    set(own.subscription ?? {}, { serviceRenewalNextDue: '2029-02-10' });
  };
  const topupInLapse = (own: History) => {
    noRenewal(own);
    purchase(own, 'pur_topup').paidAt = '2028-02-10T04:00:00.000Z';
    payment(own, 'pur_topup').capturedAt = '2028-02-10T04:00:00.000Z';
  };
  const later = '2028-03-05T00:00:00.000Z';

  test.each([
    ['in the grace', '2027-12', noRenewal, []],
    ['after the lapse', '2028-01', noRenewal, ['grant_month of entry 8']],
    ['after the lapse, with a top-up bought in it', '2028-03', topupInLapse, ['grant_month of entry 8']],
    ['of the month of a renewal after the lapse', '2028-02', lateRenewal, []],
    ['of a month between lapse and renewal', '2028-01', lateRenewal, ['grant_month of entry 8']],
    ['after the renewal', '2028-03', lateRenewal, []],
  ] as const)('%s: %s', (_what, month, change, faults) => {
    expect(monthOf(later, month, change)).toEqual(faults);
  });

  test('a month begins at 00:00 Asia/Kolkata, by a clock that may be ten minutes behind', () => {
    expect(monthOf('2027-10-31T18:19:59.999Z', '2027-11')).toEqual(['grant_month of entry 8']);
    expect(monthOf('2027-10-31T18:20:00.000Z', '2027-11')).toEqual([]);
  });
});

describe('what waits for a person', () => {
  test('money that is to go back', () => {
    const history = changed((own) => set(payment(own, 'pur_review'), { effect: 'refund_due' }));
    expect(verify(history)).toEqual({
      faults: [],
      attention: [{ kind: 'money_refund_due', subject: 'payment pay_pur_review' }],
    });
  });

  test('a hold that is long over its time is held still, and told', () => {
    const at = (instant: string) => verify(rightHistory(), new Date(instant)).attention.map(({ kind }) => kind);
    expect(at('2027-10-02T06:55:00.000Z')).toEqual(['money_review']);
    expect(at('2027-10-02T06:55:00.001Z')).toEqual(['hold_overdue', 'money_review']);
    expect(kinds(rightHistory(), new Date('2027-10-03T06:55:00.000Z'))).toEqual([]);
  });
});

describe('the series of numbers', () => {
  const check = (
    serials: readonly (readonly [string, string, number])[],
    counters: readonly [string, string, number][],
  ) => {
    const found: string[] = [];
    const counter = counters.map(([series, financialYear, lastSerial]) => ({ series, financialYear, lastSerial }));
    const series = startSeries(counter, {
      fault: (kind, subject) => found.push(`${kind} ${subject}`),
      attention: () => undefined,
    });
    for (const [name, financialYear, serial] of serials) series.number({ series: name, financialYear, serial });
    series.finish();
    return found;
  };
  const right = [
    ['PC', '26-27', 1],
    ['PP', '26-27', 1],
    ['PP', '26-27', 2],
    ['PP', '27-28', 1],
  ] as const;
  const counters: [string, string, number][] = [
    ['PC', '26-27', 1],
    ['PP', '26-27', 2],
    ['PP', '27-28', 1],
    ['PP', '28-29', 0],
  ];

  test('each runs from 1 to its counter', () => {
    expect(check(right, counters)).toEqual([]);
  });
  test.each([
    ['series_gap', 'a number missing', right.filter((_one, at) => at !== 1), ['series_gap series PP/26-27']],
    ['series_gap', 'the first missing', right.slice(1), ['series_counter series PC/26-27']],
    ['series_twice', 'a number twice', [...right.slice(0, 2), ...right.slice(1)], ['series_twice series PP/26-27']],
    ['series_counter', 'the last missing', right.slice(0, 3), ['series_counter series PP/27-28']],
  ] as const)('%s: %s', (_kind, _what, serials, faults) => {
    expect(check(serials, counters)).toEqual(faults);
  });
  test('series_counter: a counter that is not there', () => {
    expect(check(right, counters.slice(1))).toEqual(['series_counter series PC/26-27']);
  });
});

test('every kind of fault that there is has a case', () => {
  const elsewhere: FaultKind[] = ['entry_of_no_org', 'series_gap', 'series_twice', 'series_counter', 'grant_left'];
  const covered = new Set<FaultKind>([...cases.map(([kind]) => kind), ...elsewhere]);
  expect([...covered].sort()).toEqual(Object.keys(faultCatalogue).sort());
});
