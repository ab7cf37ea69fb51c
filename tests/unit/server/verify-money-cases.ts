// Histories whose purchases, payments, subscription or documents are wrong in one way each.
import type { Case } from './verify-cases.ts';
import { changed, document, payment, purchase, set, without } from './verify-changes.ts';
import { now } from './verify-history.ts';

export const moneyCases: readonly Case[] = [
  [
    'payment_missing',
    'paid without money',
    () => changed((own) => without(own.payments, payment(own, 'pur_renewal'))),
    ['invoice_of_no_payment', 'next_due', 'payment_time'],
  ],
  [
    'payment_missing',
    'refunded without money',
    () => changed((own) => without(own.payments, payment(own, 'pur_second'))),
    ['refund_sum'],
  ],
  [
    'payment_twice',
    'settled by two payments',
    () => changed((own) => own.payments.push({ ...payment(own, 'pur_renewal'), paymentId: 'pay_again' })),
  ],
  [
    'payment_amount',
    'a paisa short',
    () => changed((own) => set(payment(own, 'pur_plan'), { amountPaise: 1_499_999 })),
  ],
  ['payment_amount', 'in dollars', () => changed((own) => set(payment(own, 'pur_plan'), { currency: 'USD' }))],
  [
    'payment_order',
    "another order's",
    () => changed((own) => set(payment(own, 'pur_plan'), { providerOrderId: 'order_x' })),
  ],
  [
    'payment_order',
    "another provider's",
    () => changed((own) => set(payment(own, 'pur_plan'), { provider: 'sandbox' })),
  ],
  [
    'payment_time',
    'paid at another time',
    () => changed((own) => set(purchase(own, 'pur_topup'), { paidAt: now.toISOString() })),
  ],
  [
    'payment_misplaced',
    'money on a cancelled purchase',
    () =>
      changed((own) => {
        purchase(own, 'pur_review').state = 'cancelled';
      }),
  ],
  [
    'payment_misplaced',
    'settled while under review',
    () => changed((own) => own.payments.push({ ...payment(own, 'pur_review'), paymentId: 'pay_3', effect: 'settled' })),
    ['payment_amount', 'payment_time'],
  ],
  [
    'payment_of_no_purchase',
    'the purchase is gone',
    () => changed((own) => without(own.purchases, purchase(own, 'pur_review'))),
  ],
  [
    'payment_refund',
    'refunded without a refund',
    () => changed((own) => set(payment(own, 'pur_second'), { refundId: null })),
  ],
  [
    'payment_refund',
    'more refunded than paid',
    () =>
      changed((own) => {
        payment(own, 'pur_topup').refundedPaise = 500_001;
        purchase(own, 'pur_topup').refundedPaise = 500_001;
      }),
    ['note_missing'],
  ],
  [
    'refund_sum',
    'not what its payments say',
    () => changed((own) => set(purchase(own, 'pur_topup'), { refundedPaise: 0 })),
  ],
  [
    'refund_state',
    'refunded, and the money is here',
    () => changed((own) => set(purchase(own, 'pur_topup'), { state: 'refunded' })),
  ],
  [
    'refund_state',
    'paid, and all of the money went back',
    () =>
      changed((own) => {
        set(purchase(own, 'pur_topup'), { refundedPaise: 500_000 });
        set(payment(own, 'pur_topup'), { refundedPaise: 500_000 });
      }),
    ['note_missing'],
  ],
  [
    'review_without_money',
    'nothing to review',
    () => changed((own) => without(own.payments, payment(own, 'pur_review'))),
  ],
  [
    'purchase_credits',
    'a plan with credits',
    () => changed((own) => set(purchase(own, 'pur_plan'), { credits: 50_000 })),
  ],
  [
    'plan_twice',
    'two plans kept',
    () =>
      changed((own) => {
        set(payment(own, 'pur_second'), { effect: 'settled', refundId: null, refundedPaise: 0 });
        set(purchase(own, 'pur_second'), {
          state: 'paid',
          refundedPaise: 0,
          paidAt: '2026-11-22T06:30:00.000Z',
        });
      }),
    ['invoice_missing'],
  ],
  [
    'plan_effect',
    'a branch more',
    () => changed(({ subscription }) => set(subscription ?? {}, { branchesIncluded: 2 })),
  ],
  [
    'plan_effect',
    'a plan that nobody paid',
    () =>
      changed((own) => {
        set(own, { purchases: [], payments: [], documents: [], holds: [] });
        set(own, { entries: [], cache: { balance: 0, held: 0, seq: 0, hash: '0'.repeat(64) } });
      }),
    ['grant_schedule', 'next_due'],
  ],
  [
    'renewal_effect',
    'for a year that was never due',
    () => changed((own) => set(purchase(own, 'pur_renewal'), { renewalDue: '2029-11-22' })),
    ['next_due'],
  ],
  [
    'next_due',
    'a year more than paid',
    () => changed(({ subscription }) => set(subscription ?? {}, { serviceRenewalNextDue: '2029-11-22' })),
  ],
  [
    'invoice_missing',
    'paid without an invoice',
    () => changed((own) => without(own.documents, document(own, 'inv_pur_plan'))),
  ],
  [
    'invoice_twice',
    'two invoices for one payment',
    () => changed((own) => own.documents.push({ ...document(own, 'inv_pur_plan') })),
  ],
  [
    'invoice_amount',
    'of another amount than paid',
    () =>
      changed((own) => {
        for (const row of [purchase(own, 'pur_plan'), payment(own, 'pur_plan')]) row.amountPaise += 1;
        set(own.subscription ?? {}, { oneTimeAmountPaise: 1_500_001 });
      }),
  ],
  ['invoice_line', 'of another quantity', () => changed((own) => set(purchase(own, 'pur_topup'), { quantity: 3 }))],
  ['invoice_line', 'tax on top', () => changed((own) => set(purchase(own, 'pur_topup'), { pricesIncludeGst: false }))],
  [
    'invoice_number',
    'of another year',
    () => changed((own) => set(document(own, 'inv_pur_plan'), { financialYear: '25-26' })),
    ['invoice_document'],
  ],
  ['invoice_number', 'of another series', () => changed((own) => set(document(own, 'inv_pur_plan'), { series: 'PC' }))],
  ['invoice_document', 'no document', () => changed((own) => set(document(own, 'inv_pur_plan'), { document: {} }))],
  [
    'invoice_document',
    'a tax that does not add up',
    () => changed((own) => set(document(own, 'inv_pur_plan').document as object, { cgstPaise: 114_408 })),
  ],
  [
    'invoice_of_no_payment',
    'for what was never paid',
    () =>
      changed((own) => {
        const row = document(own, 'inv_pur_plan');
        own.documents.push({ ...row, purchaseId: 'pur_open' });
        set(row.document as object, { purchaseId: 'pur_plan' });
      }),
    ['invoice_document'],
  ],
  [
    'note_original',
    'of no invoice',
    () => changed((own) => set(document(own, 'inv_note'), { originalId: 'inv_x' })),
    ['invoice_document', 'note_missing'],
  ],
  [
    'note_amount',
    'more than the invoice',
    () =>
      changed((own) => {
        for (let at = 0; at < 43; at += 1) own.documents.push(document(own, 'inv_note'));
      }),
  ],
  [
    'note_missing',
    'money went back without one',
    () => changed((own) => own.documents.splice(own.documents.indexOf(document(own, 'inv_note')), 1)),
  ],
];
