// Owns giving money back through Stripe. Stripe forgets an idempotency key after a day or more and would then refund again,
// so every refund carries our key, for ever, and is looked for by it before another is made.

import type Stripe from 'stripe';
import type { z } from 'zod';
import { type Answer, type Call, outcomeOf } from './call.ts';
import { refused, unknown } from './fault.ts';
import type { Outcome, ProviderRefund, RefundRequest } from './port.ts';
import { isIntentId, refundAnswer } from './stripe-entities.ts';
import { readAll } from './stripe-pages.ts';

const KEY = /^[A-Za-z0-9_-]{10,40}$/;

type Listed = z.infer<typeof refundAnswer>;

export function createRefunds(sdk: Stripe, call: Call) {
  const listOf = (paymentId: string): Promise<Answer<readonly Listed[]>> =>
    readAll(call, refundAnswer, (asked) => sdk.refunds.list({ ...asked, payment_intent: paymentId }));
  return {
    async refundPayment(request: RefundRequest): Promise<Outcome<ProviderRefund>> {
      const { paymentId, amountPaise, idempotencyKey } = request;
      if (!isIntentId(paymentId)) return refused('not a payment id');
      if (!KEY.test(idempotencyKey)) return refused('a refund needs a key of 10 to 40 of A-Z, a-z, 0-9, _ and -');
      if (!Number.isSafeInteger(amountPaise) || amountPaise <= 0) return refused('not an amount in paise');
      const before = await listOf(paymentId);
      if (!before.ok) return outcomeOf(before);
      const made = before.value.find(({ key }) => key === idempotencyKey);
      if (made !== undefined) return asRequested(made.refund, request);
      const body = { payment_intent: paymentId, amount: amountPaise, metadata: { key: idempotencyKey } };
      const options = { idempotencyKey: `refund-${idempotencyKey}` };
      const answer = await call(refundAnswer, () => sdk.refunds.create(body, options));
      return answer.ok ? asRequested(answer.value.refund, request) : outcomeOf(answer);
    },

    async listRefunds(paymentId: string): Promise<Outcome<readonly ProviderRefund[]>> {
      if (!isIntentId(paymentId)) return refused('not a payment id');
      const listed = await listOf(paymentId);
      if (!listed.ok) return outcomeOf(listed);
      if (listed.value.some(({ refund }) => refund.paymentId !== paymentId)) {
        return unknown('the answer has refunds of another payment');
      }
      const oldestFirst = listed.value.toReversed().sort((a, b) => a.createdAt - b.createdAt);
      return { ok: true, value: oldestFirst.map(({ refund }) => refund) };
    },
  };
}

function asRequested(refund: ProviderRefund, { paymentId, amountPaise }: RefundRequest): Outcome<ProviderRefund> {
  const same = refund.paymentId === paymentId && refund.amountPaise === amountPaise;
  return same ? { ok: true, value: refund } : unknown('the refund made is not the one asked for');
}
