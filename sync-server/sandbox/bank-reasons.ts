// Owns the reasons for which the sandbox's bank refuses a payment: what a tester can choose, in the shape in which a
// payment and the checkout tell it.

import type { BankReason } from './entities.ts';

const refusedBy = (
  source: string,
  reason: string,
  description: string,
  step = 'payment_authorization',
): BankReason => ({
  code: 'BAD_REQUEST_ERROR',
  description,
  source,
  step,
  reason,
});

export const bankReasons = {
  payment_failed: refusedBy('bank', 'payment_failed', 'The bank did not accept the payment.'),
  insufficient_funds: refusedBy('customer', 'insufficient_funds', 'There is not enough money in the account.'),
  incorrect_otp: refusedBy('customer', 'incorrect_otp', 'The one-time password was wrong.', 'payment_authentication'),
  payment_timed_out: refusedBy('customer', 'payment_timed_out', 'The payment was not confirmed in time.'),
  payment_cancelled: refusedBy(
    'customer',
    'payment_cancelled',
    'The payment was cancelled at the bank.',
    'payment_authentication',
  ),
  daily_limit_exceeded: refusedBy('issuer', 'transaction_daily_limit_exceeded', 'The daily limit is used up.'),
  bank_technical_error: {
    code: 'GATEWAY_ERROR',
    description: 'The bank has a technical fault. Try again after some time.',
    source: 'gateway',
    step: 'payment_response',
    reason: 'bank_technical_error',
  },
} as const satisfies Record<string, BankReason>;

export type BankReasonName = keyof typeof bankReasons;
export const bankReasonNames = Object.keys(bankReasons) as [BankReasonName, ...BankReasonName[]];
