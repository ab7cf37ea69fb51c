// Owns payment links at Razorpay: a page of theirs on which one sum is paid. The same rule as for orders: one receipt, one
// link. A link makes an order of its own when somebody begins to pay; here that order is never shown, the link stands for it.

import type Razorpay from 'razorpay';
import { z } from 'zod';
import { type Answer, type Call, outcomeOf } from './call.ts';
import { type Fault, refused, unknown } from './fault.ts';
import type { LinkRequest, OrderReport, Outcome, PaymentLink, ProviderOrder, ReportedPayment } from './port.ts';
import { isLinkId, isOrderId, isPaymentId, paymentAnswer, paymentListAnswer } from './razorpay-entities.ts';

const PAGE = 100;
const LONGEST_RECEIPT = 40;
const LONGEST_DESCRIPTION = 2048;
const SMALLEST_PAISE = 100;

const text = z.string().max(2000);
const attempt = z.object({ payment_id: z.string() });

const linkFields = z.object({
  id: z.string().refine(isLinkId, { error: 'not a link id' }),
  short_url: z.url({ protocol: /^https?$/ }),
  reference_id: text.nullish(),
  amount: z.int().min(0),
  currency: text.min(1),
  status: z.enum(['created', 'partially_paid', 'paid', 'expired', 'cancelled']),
  order_id: text.nullish().catch(null),
  created_at: z.int().min(0).optional().catch(undefined),
  payments: z
    .array(attempt.catch({ payment_id: '' }))
    .nullish()
    .catch(null),
});
type LinkFields = z.infer<typeof linkFields>;

const links = z.array(linkFields);
/** The list is told under a name of its own; the plain form of a collection is read too. */
const linkListAnswer = z.union([
  z.object({ payment_links: links }).transform(({ payment_links }) => payment_links),
  z.object({ items: links }).transform(({ items }) => items),
]);

export function createLinks(sdk: Razorpay, call: Call) {
  return {
    async create(request: LinkRequest): Promise<Outcome<PaymentLink>> {
      const fault = faultOfRequest(request);
      if (fault !== null) return refused(fault);
      const answer = await call(linkFields, () => sdk.paymentLink.create(bodyOf(request) as never));
      if (answer.ok) return asRequested(answer.value, request);
      if (!isSeenReceipt(answer.fault)) return outcomeOf(answer);
      const found = await find(sdk, call, request.receipt);
      if (!found.ok) return found.kind === 'refused' ? unknown(found.reason) : outcomeOf(found);
      // Refused as seen before, and yet not in the list: the list lags behind, so the link may well exist.
      if (found.value === null) return unknown('the receipt was seen before, and its link is not found');
      return asRequested(found.value, request);
    },

    async find(receipt: string): Promise<Outcome<PaymentLink | null>> {
      const found = outcomeOf(await find(sdk, call, receipt));
      return found.ok ? { ok: true, value: found.value === null ? null : toLink(found.value) } : found;
    },

    async cancel(linkId: string): Promise<Outcome<'ended' | 'paid'>> {
      if (!isLinkId(linkId)) return refused('not a link id');
      const answer = outcomeOf(await call(linkFields, () => sdk.paymentLink.cancel(linkId)));
      if (answer.ok && answer.value.id !== linkId) return unknown('the answer is about another link');
      // One that is over cannot be cancelled: then it is asked what became of it.
      const link = answer.ok || answer.kind !== 'refused' ? answer : await fetchOne(sdk, call, linkId);
      if (!link.ok) return link;
      const { status } = link.value;
      if (status === 'paid' || status === 'partially_paid') return { ok: true, value: 'paid' };
      if (status === 'cancelled' || status === 'expired') return { ok: true, value: 'ended' };
      return answer.ok ? unknown('the link was cancelled and is still open') : answer;
    },

    /** Where this link is paid now; `refused` where it takes no money, or another sum. */
    async pageOf(linkId: string, amountPaise: number): Promise<Outcome<string>> {
      const link = await fetchOne(sdk, call, linkId);
      if (!link.ok) return link;
      const { amount, currency, status, short_url } = link.value;
      if (amount !== amountPaise || currency !== 'INR') return refused('it takes another sum');
      return status === 'created' ? { ok: true, value: short_url } : refused(`the link is ${status}`);
    },

    fetchLink: (linkId: string) => fetchReport(sdk, call, linkId),
  };
}

function faultOfRequest({ receipt, amountPaise, expiresAt }: LinkRequest): string | null {
  if (receipt === '' || receipt.length > LONGEST_RECEIPT) return `a receipt has 1 to ${LONGEST_RECEIPT} characters`;
  if (!Number.isSafeInteger(amountPaise) || amountPaise < SMALLEST_PAISE) {
    return `an amount is a whole number of paise, at least ${SMALLEST_PAISE}`;
  }
  return Number.isNaN(expiresAt.getTime()) ? 'a link needs the time of its end' : null;
}

function bodyOf({ receipt, amountPaise, currency, notes, description, returnUrl, expiresAt }: LinkRequest) {
  return {
    amount: amountPaise,
    currency,
    accept_partial: false,
    reference_id: receipt,
    description: description.slice(0, LONGEST_DESCRIPTION),
    expire_by: Math.floor(expiresAt.getTime() / 1000),
    callback_url: returnUrl,
    callback_method: 'get',
    notify: { sms: false, email: false },
    reminder_enable: false,
    notes: { ...notes },
  };
}

function toLink({ id, short_url, reference_id, amount, currency }: LinkFields): PaymentLink {
  return { linkId: id, url: short_url, receipt: reference_id || null, amountPaise: amount, currency };
}

function asRequested(link: LinkFields, request: LinkRequest): Outcome<PaymentLink> {
  const { amount, currency, reference_id } = link;
  const same = amount === request.amountPaise && currency === request.currency && reference_id === request.receipt;
  return same ? { ok: true, value: toLink(link) } : unknown(`link ${link.id} is not the one asked for`);
}

function isSeenReceipt(fault: Fault | null): boolean {
  if (fault?.status !== 400 && fault?.status !== 409) return false;
  return /reference.?id/i.test(fault.description) && /unique|duplicate|already|exist/i.test(fault.description);
}

async function find(sdk: Razorpay, call: Call, receipt: string): Promise<Answer<LinkFields | null>> {
  if (receipt === '') return { ...refused('no receipt to look for'), fault: null };
  const asked = { reference_id: receipt, count: PAGE } as never;
  const answer = await call(linkListAnswer, () => sdk.paymentLink.all(asked));
  if (!answer.ok) return answer;
  const ours = answer.value
    .filter(({ reference_id }) => reference_id === receipt)
    .sort((a, b) => (a.created_at ?? 0) - (b.created_at ?? 0) || (a.id < b.id ? -1 : 1));
  const inOrder = (['paid', 'partially_paid', 'created'] as const).map((is) =>
    ours.find(({ status }) => status === is),
  );
  const found = inOrder.find((link) => link !== undefined) ?? ours[0] ?? null;
  if (found === null && answer.value.length >= PAGE) {
    return { ...unknown('the list was not limited to the receipt'), fault: null };
  }
  return { ok: true, value: found };
}

async function fetchReport(sdk: Razorpay, call: Call, linkId: string): Promise<Outcome<OrderReport>> {
  // The link before its payments: a link seen as paid then always comes with the payment that paid it.
  const first = await fetchOne(sdk, call, linkId);
  if (!first.ok) return first;
  const payments = await paymentsOf(sdk, call, first.value);
  if (!payments.ok) return payments;
  const taken = payments.value.some(({ status }) => status === 'captured');
  const link = first.value.status === 'paid' || !taken ? first : await fetchOne(sdk, call, linkId);
  if (!link.ok) return link;
  if (link.value.status === 'paid' && !payments.value.some(hasMoney)) {
    return unknown('the link is paid, and its payment cannot be found');
  }
  const attempted = payments.value.length > 0;
  return { ok: true, value: { order: orderOf(link.value, attempted), payments: payments.value } };
}

const hasMoney = ({ status }: ReportedPayment): boolean => status === 'captured' || status === 'refunded';

function orderOf(link: LinkFields, attempted: boolean): ProviderOrder {
  const status = link.status === 'paid' ? 'paid' : attempted ? 'attempted' : 'created';
  const { linkId: orderId, receipt, amountPaise, currency } = toLink(link);
  return { orderId, receipt, amountPaise, currency, status };
}

async function fetchOne(sdk: Razorpay, call: Call, linkId: string): Promise<Outcome<LinkFields>> {
  if (!isLinkId(linkId)) return refused('not a link id');
  const answer = outcomeOf(await call(linkFields, () => sdk.paymentLink.fetch(linkId)));
  return answer.ok && answer.value.id !== linkId ? unknown('the answer is about another link') : answer;
}

/** By the order that the link made, which knows the failed attempts too; without one, by the payments the link names. */
async function paymentsOf(sdk: Razorpay, call: Call, link: LinkFields): Promise<Outcome<readonly ReportedPayment[]>> {
  const asOurs = (payment: ReportedPayment): ReportedPayment => ({ ...payment, orderId: link.id });
  const orderId = link.order_id ?? '';
  if (isOrderId(orderId)) {
    const listed = outcomeOf(await call(paymentListAnswer, () => sdk.orders.fetchPayments(orderId)));
    return listed.ok ? { ok: true, value: listed.value.map(asOurs) } : listed;
  }
  const named = [...new Set((link.payments ?? []).map(({ payment_id }) => payment_id))].filter(isPaymentId);
  const payments: ReportedPayment[] = [];
  for (const id of named.slice(0, PAGE)) {
    const answer = outcomeOf(await call(paymentAnswer, () => sdk.payments.fetch(id)));
    if (!answer.ok) return answer;
    payments.push(asOurs(answer.value));
  }
  return { ok: true, value: payments };
}
