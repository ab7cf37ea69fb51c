// Where the verifier's rules begin and end: what is just right is not told, and what is just wrong is.
import { describe, expect, test } from 'vitest';
import { changed, document, hold, payment, purchase, rewritten, set } from './verify-changes.ts';
import { type History, now, rightHistory, show, verify } from './verify-history.ts';

const kinds = (history: History, at = now) => [...new Set(verify(history, at).faults.map(({ kind }) => kind))].sort();

/** The faults of one kind, in words. */
function words(history: History, of: string): string[] {
  const found: string[] = [];
  const fault = (kind: string, subject: string, expected: unknown, is: unknown) => {
    if (kind === of) found.push(`${subject}: ${expected} | ${is}`);
  };
  show(history, now, { fault, attention: () => undefined });
  return found;
}

describe('an entry', () => {
  test('may leave nothing at all', () => {
    const spent = { delta: -196_190, kind: 'spend', reference: null, occurredAt: now.toISOString() };
    expect(kinds(rewritten((own) => own.push(spent)))).toEqual(['cache_overheld']);
  });
});

describe('a hold', () => {
  const withGone = (amount: number) => changed((own) => set(hold(own, 'hold_gone'), { amount }));
  const taken = (delta: number, change: Record<string, unknown>) => {
    const history = rewritten((own) => set(own[3] ?? {}, { delta }));
    set(hold(history, 'hold_taken'), change);
    return kinds(history);
  };

  test('is of at least one credit', () => {
    expect(kinds(withGone(1))).toEqual([]);
    expect(kinds(withGone(0))).toEqual(['hold_amount']);
  });

  test('is captured for at least one credit and at most all of them', () => {
    expect(taken(-1, { capturedAmount: 1 })).toEqual([]);
    expect(taken(-300, { amount: 300 })).toEqual([]);
    expect(taken(0, { capturedAmount: 0 })).toContain('hold_amount');
  });
});

describe('a monthly grant', () => {
  const later = new Date('2028-03-05T00:00:00.000Z');
  const granted = (month: string, change: (own: History) => void = () => undefined) => {
    const history = rewritten((own) => own.push({ ...own[4], reference: month }));
    change(history);
    return kinds(history, later);
  };

  test('is due by the latest payment, in whatever order the purchases come', () => {
    expect(granted('2028-03')).toEqual([]);
    expect(granted('2028-03', (own) => own.purchases.reverse())).toEqual([]);
  });

  test('is for a month and nothing around it', () => {
    for (const text of [' 2026-12', '2026-12x', '2026-12-01']) expect(granted(text), text).toEqual(['grant_month']);
  });

  test('is not excused by a renewal that was paid in its month, before there was a plan', () => {
    const early = granted('2026-10', (own) => {
      purchase(own, 'pur_renewal').paidAt = '2026-10-10T04:00:00.000Z';
      payment(own, 'pur_renewal').capturedAt = '2026-10-10T04:00:00.000Z';
    });
    expect(early).toEqual(['grant_month']);
  });

  test('is not excused by a top-up that pretends to be a renewal', () => {
    const pretended = granted('2028-03', (own) => {
      set(purchase(own, 'pur_topup'), { renewalDue: '2027-11-22', paidAt: '2028-02-10T04:00:00.000Z' });
      set(payment(own, 'pur_topup'), { capturedAt: '2028-02-10T04:00:00.000Z' });
      own.purchases = own.purchases.filter(({ purchaseId }) => purchaseId !== 'pur_renewal');
      own.payments = own.payments.filter(({ purchaseId }) => purchaseId !== 'pur_renewal');
      own.documents = own.documents.filter(({ purchaseId }) => purchaseId !== 'pur_renewal');
      set(own.subscription ?? {}, { serviceRenewalNextDue: '2027-11-22' });
    });
    expect(pretended).toEqual(['grant_month', 'renewal_effect']);
  });
});

describe('a purchase', () => {
  test('names a due date if it is a renewal, and else none', () => {
    const topup = changed((own) => set(purchase(own, 'pur_topup'), { renewalDue: '2027-11-22' }));
    expect(words(topup, 'renewal_effect')).toEqual(['purchase pur_topup: a due date on a renewal alone | 2027-11-22']);
    const renewal = changed((own) => set(purchase(own, 'pur_renewal'), { renewalDue: null }));
    expect(words(renewal, 'renewal_effect')[0]).toBe('purchase pur_renewal: a due date on a renewal alone | null');
  });

  test('that says paid needs money that is here, not money that went back', () => {
    const back = changed((own) => {
      set(payment(own, 'pur_renewal'), { effect: 'refunded', refundId: 'rfnd_3', refundedPaise: 100_000 });
      set(purchase(own, 'pur_renewal'), { refundedPaise: 100_000 });
    });
    expect(kinds(back)).toContain('payment_missing');
  });
});

describe('renewals', () => {
  test('whose money all went back move no due date', () => {
    const refunded = changed((own) => {
      set(payment(own, 'pur_renewal'), { refundId: 'rfnd_3', refundedPaise: 100_000 });
      set(purchase(own, 'pur_renewal'), { refundedPaise: 100_000, state: 'refunded' });
      set(own.subscription ?? {}, { serviceRenewalNextDue: '2027-11-22' });
    });
    expect(kinds(refunded)).toEqual(['note_missing']);
  });

  test('make one chain, year after year', () => {
    const twice = changed((own) => {
      const second = { purchaseId: 'pur_again', providerOrderId: 'order_pur_again', renewalDue: '2028-11-22' };
      own.purchases.push({ ...purchase(own, 'pur_renewal'), ...second });
      const { renewalDue: _renewalDue, ...paid } = second;
      own.payments.push({ ...payment(own, 'pur_renewal'), ...paid, paymentId: 'pay_again' });
      set(own.subscription ?? {}, { serviceRenewalNextDue: '2029-11-22' });
    });
    expect(kinds(twice)).toEqual(['invoice_missing']);
  });
});

describe('a document', () => {
  const numbered = (serial: number, number: string) =>
    words(
      changed((own) => set(document(own, 'inv_pur_plan'), { serial, number })),
      'invoice_number',
    );
  const noted = (totalPaise: number) =>
    words(
      changed((own) => set(document(own, 'inv_note'), { totalPaise })),
      'note_amount',
    );

  test('has a serial from 1 to 9999999', () => {
    expect(numbered(1, 'PP/26-27/000001')).toEqual([]);
    expect(numbered(9_999_999, 'PP/26-27/9999999')).toEqual([]);
    for (const serial of [0, 10_000_000]) {
      expect(numbered(serial, `PP/26-27/${serial}`)).toEqual([
        `document PP/26-27/${serial}: a serial | PP/26-27: PP/26-27/${serial}`,
      ]);
    }
  });

  test('takes back all of its invoice at most', () => {
    expect(noted(500_000)).toEqual([]);
    expect(noted(500_001)).toEqual(['document PC/26-27/000001: 500000 | 500001']);
  });

  test('that is none is told by the place within it', () => {
    const history = rightHistory();
    const stored = document(history, 'inv_pur_plan').document as { seller: { name: string } };
    stored.seller.name = '';
    expect(words(history, 'invoice_document')).toEqual([
      'document PP/26-27/000001: a tax document | not one at seller.name',
    ]);
  });

  test('of two lines is not what was bought, and both are shown', () => {
    const history = rightHistory();
    const stored = document(history, 'inv_pur_plan').document as { lines: object[] };
    stored.lines.push(stored.lines[0] ?? {});
    const once = '1 × 1500000 paise, SAC 997331, 1800 bp, tax as sold: true';
    expect(words(history, 'invoice_line')).toEqual([`document PP/26-27/000001: ${once} | ${once}; ${once}`]);
  });
});
