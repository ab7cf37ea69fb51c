// Owns giving money back through Razorpay. A refund's receipt is our idempotency key: the API promises to honour it as a
// header, for how long nobody says and in Test mode not for sure. So a refund of this receipt is looked for before one is
// made; the header is there for two calls at once.

import type Razorpay from 'razorpay';
import type { z } from 'zod';
import { type Answer, type Call, outcomeOf } from './call.ts';
import { refused, unknown } from './fault.ts';
import type { Outcome, ProviderRefund, RefundRequest } from './port.ts';
import { isPaymentId, refundEntity, refundListAnswer } from './razorpay-entities.ts';

const PAGE = 100;
const MOST_PAGES = 20;
const KEY = /^[A-Za-z0-9_-]{10,40}$/;

export type Refunds = ReturnType<typeof createRefunds>;

export function createRefunds(sdk: Razorpay, call: Call) {
  return {
    async refundPayment(request: RefundRequest): Promise<Outcome<ProviderRefund>> {
      const { paymentId, amountPaise, idempotencyKey } = request;
      if (!isPaymentId(paymentId)) return refused('not a payment id');
      if (!KEY.test(idempotencyKey)) return refused('a refund needs a key of 10 to 40 of A-Z, a-z, 0-9, _ and -');
      if (!Number.isSafeInteger(amountPaise) || amountPaise <= 0) return refused('not an amount in paise');
      const before = await listAll(sdk, call, paymentId);
      // A clear no to the question is none to the refund: the header still keeps it to one.
      if (!before.ok && before.kind !== 'refused') return outcomeOf(before);
      const made = (before.ok ? before.value : []).find(({ receipt }) => receipt === idempotencyKey);
      if (made !== undefined) return asRequested(made.refund, request);
      const body = { amount: amountPaise, speed: 'normal' as const, receipt: idempotencyKey };
      const answer = await call(refundEntity, () => sdk.payments.refund(paymentId, body));
      if (answer.ok) return asRequested(answer.value, request);
      if (answer.kind !== 'refused') return outcomeOf(answer);
      return madeBefore(sdk, call, request, answer);
    },

    async listRefunds(paymentId: string): Promise<Outcome<readonly ProviderRefund[]>> {
      if (!isPaymentId(paymentId)) return refused('not a payment id');
      const listed = outcomeOf(await listAll(sdk, call, paymentId));
      return listed.ok ? { ok: true, value: listed.value.map(({ refund }) => refund) } : listed;
    },
  };
}

type Listed = z.infer<typeof refundListAnswer>;

/** Every refund of a payment, oldest first. The API tells the newest first; ids break a tie of the same second. */
async function listAll(sdk: Razorpay, call: Call, paymentId: string): Promise<Answer<Listed>> {
  const all = new Map<string, Listed[number]>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { count: PAGE, skip: page * PAGE };
    const answer = await call(refundListAnswer, () => sdk.payments.fetchMultipleRefund(paymentId, asked));
    if (!answer.ok) return answer;
    // By id: a refund made between two pages moves the rest along, and one would be told twice.
    for (const one of answer.value) all.set(one.refund.refundId, one);
    if (answer.value.some(({ refund }) => refund.paymentId !== paymentId)) {
      return { ...unknown('the answer has refunds of another payment'), fault: null };
    }
    if (answer.value.length < PAGE) {
      const oldestFirst = (a: Listed[number], b: Listed[number]) =>
        a.createdAt - b.createdAt || (a.refund.refundId < b.refund.refundId ? -1 : 1);
      return { ok: true, value: [...all.values()].sort(oldestFirst) };
    }
  }
  return { ...unknown(`more than ${MOST_PAGES * PAGE} refunds`), fault: null };
}

function asRequested(refund: ProviderRefund, request: RefundRequest): Outcome<ProviderRefund> {
  const same = refund.paymentId === request.paymentId && refund.amountPaise === request.amountPaise;
  return same ? { ok: true, value: refund } : unknown('the refund made is not the one asked for');
}

/**
 * After a no, for instance "fully refunded already": an earlier try of ours whose answer was lost may be what refunded
 * it. Its receipt tells. 409 says that the same key is being worked on just now, which is no "nothing was done".
 */
async function madeBefore(
  sdk: Razorpay,
  call: Call,
  request: RefundRequest,
  refusal: Extract<Answer<ProviderRefund>, { ok: false }>,
): Promise<Outcome<ProviderRefund>> {
  if (refusal.fault?.status === 409) return unknown(refusal.reason);
  const list = await listAll(sdk, call, request.paymentId);
  if (!list.ok) {
    // The payment is not theirs to refund at all (unknown id): the first no stands.
    return list.kind === 'refused' ? outcomeOf(refusal) : unknown(`${refusal.reason}; and then: ${list.reason}`);
  }
  const made = list.value.find(({ receipt }) => receipt === request.idempotencyKey);
  return made === undefined ? outcomeOf(refusal) : asRequested(made.refund, request);
}
