// Owns mandates at Razorpay: a subscription to a yearly plan. The API has no key against making one twice, so a lost answer
// is found again by the receipt in its notes. A second one that slipped through takes no money: nobody was given the page
// on which a customer would have to agree to it, and one that was agreed to is always found before one that was not.

import type Razorpay from 'razorpay';
import { z } from 'zod';
import { type Call, outcomeOf } from './call.ts';
import { refused, unknown } from './fault.ts';
import type {
  MandateReport,
  MandateRequest,
  MandateStatus,
  Mandates,
  Outcome,
  ProviderMandate,
  ReportedPayment,
} from './port.ts';
import { isOrderId, isPaymentId, paymentAnswer, paymentListAnswer } from './razorpay-entities.ts';
import { isMandateId, mandateEntity, mandateListAnswer, planAnswer, planListAnswer } from './razorpay-standing.ts';

const PAGE = 100;
const MOST_PAGES = 20;
const LONGEST_RECEIPT = 40;
const SMALLEST_PAISE = 100;
/** Razorpay's documents disagree about the longest (10 or 100 years); ten is inside both. */
const CHARGES = 10;

const invoiceListAnswer = z
  .object({
    items: z.array(
      z.object({ payment_id: z.string().nullish().catch(null), order_id: z.string().nullish().catch(null) }),
    ),
  })
  .transform(({ items }) => items);

export function createMandates(sdk: Razorpay, call: Call): Mandates {
  return {
    async create(request: MandateRequest): Promise<Outcome<ProviderMandate>> {
      const fault = faultOfRequest(request);
      if (fault !== null) return refused(fault);
      const plan = await ensurePlan(sdk, call, request);
      if (!plan.ok) return plan;
      const body = subscriptionBody(plan.value, request);
      const made = outcomeOf(await call(mandateEntity, () => sdk.subscriptions.create(body)));
      if (made.ok && made.value.receipt !== request.receipt)
        return unknown('the mandate made is not the one asked for');
      return made;
    },
    find: (receipt) => find(sdk, call, receipt),
    fetch: (mandateId) => fetchReport(sdk, call, mandateId),
    cancel: (mandateId) => cancel(sdk, call, mandateId),
  };
}

function faultOfRequest({ receipt, amountPaise, firstChargeAt }: MandateRequest): string | null {
  if (receipt === '' || receipt.length > LONGEST_RECEIPT) return `a receipt has 1 to ${LONGEST_RECEIPT} characters`;
  if (!Number.isSafeInteger(amountPaise) || amountPaise < SMALLEST_PAISE) {
    return `an amount is a whole number of paise, at least ${SMALLEST_PAISE}`;
  }
  return firstChargeAt !== null && Number.isNaN(firstChargeAt.getTime()) ? 'not a time of a first charge' : null;
}

function subscriptionBody(planId: string, { receipt, firstChargeAt, notes }: MandateRequest) {
  return {
    plan_id: planId,
    total_count: CHARGES,
    quantity: 1,
    // They tell the customer before each charge, which the rules for such charges ask for.
    customer_notify: true,
    ...(firstChargeAt === null ? {} : { start_at: Math.floor(firstChargeAt.getTime() / 1000) }),
    notes: { receipt, ...notes },
  };
}

/** The id of the yearly plan of this sum and name. Two of one kind do no harm: the oldest is taken. */
async function ensurePlan(sdk: Razorpay, call: Call, request: MandateRequest): Promise<Outcome<string>> {
  const { amountPaise, currency, description: name } = request;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = outcomeOf(await call(planListAnswer, () => sdk.plans.all({ count: PAGE, skip: page * PAGE })));
    if (!listed.ok) return listed;
    const same = listed.value.items.filter(
      (plan) => plan?.amountPaise === amountPaise && plan.currency === currency && plan.name === name && plan.isYearly,
    );
    const oldest = same.at(-1);
    if (oldest) return { ok: true, value: oldest.planId };
    if (listed.value.items.length < PAGE) break;
  }
  const item = { name, amount: amountPaise, currency };
  const made = outcomeOf(await call(planAnswer, () => sdk.plans.create({ period: 'yearly', interval: 1, item })));
  if (!made.ok) return made;
  const right = made.value.amountPaise === amountPaise && made.value.currency === currency && made.value.isYearly;
  return right ? { ok: true, value: made.value.planId } : unknown('the plan made is not the one asked for');
}

/** From the one that is furthest on to the one that is over. */
const RANK: readonly MandateStatus[] = ['active', 'pending', 'halted', 'paused', 'authenticated', 'created'];
const rankOf = ({ status }: ProviderMandate): number => (RANK.includes(status) ? RANK.indexOf(status) : RANK.length);

async function find(sdk: Razorpay, call: Call, receipt: string): Promise<Outcome<ProviderMandate | null>> {
  if (receipt === '') return refused('no receipt to look for');
  const ours: ProviderMandate[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked = { count: PAGE, skip: page * PAGE };
    const listed = outcomeOf(await call(mandateListAnswer, () => sdk.subscriptions.all(asked)));
    if (!listed.ok) return listed;
    for (const { mandate, receipt: told } of listed.value.items) {
      if (told !== receipt) continue;
      if (mandate === null) return unknown('the mandate with this receipt cannot be read');
      ours.push(mandate);
    }
    // Newest first: what stands at the end of the last page is the oldest, and comes first among equals.
    if (listed.value.items.length < PAGE) {
      return { ok: true, value: ours.reverse().sort((a, b) => rankOf(a) - rankOf(b))[0] ?? null };
    }
  }
  return unknown(`not among the latest ${MOST_PAGES * PAGE} mandates, and there are more`);
}

async function fetchOne(sdk: Razorpay, call: Call, mandateId: string): Promise<Outcome<ProviderMandate>> {
  if (!isMandateId(mandateId)) return refused('not a mandate id');
  const answer = outcomeOf(await call(mandateEntity, () => sdk.subscriptions.fetch(mandateId)));
  return answer.ok && answer.value.mandateId !== mandateId ? unknown('the answer is about another mandate') : answer;
}

async function fetchReport(sdk: Razorpay, call: Call, mandateId: string): Promise<Outcome<MandateReport>> {
  const mandate = await fetchOne(sdk, call, mandateId);
  if (!mandate.ok) return mandate;
  const asked = { subscription_id: mandateId, count: PAGE } as never;
  const invoices = outcomeOf(await call(invoiceListAnswer, () => sdk.invoices.all(asked)));
  if (!invoices.ok) return invoices;
  if (invoices.value.length >= PAGE) return unknown(`${PAGE} charges or more of one mandate`);
  const payments = new Map<string, ReportedPayment>();
  // The list is newest first; a report reads from the first charge to the last.
  for (const invoice of invoices.value.toReversed()) {
    const charged = await paymentsOf(sdk, call, invoice);
    if (!charged.ok) return charged;
    for (const payment of charged.value) payments.set(payment.paymentId, payment);
  }
  return { ok: true, value: { mandate: mandate.value, payments: [...payments.values()] } };
}

type Invoice = z.infer<typeof invoiceListAnswer>[number];

/** A charge's order knows the attempts that failed; its invoice names the payment that took the money. */
async function paymentsOf(sdk: Razorpay, call: Call, invoice: Invoice): Promise<Outcome<readonly ReportedPayment[]>> {
  const orderId = invoice.order_id ?? '';
  const paymentId = invoice.payment_id ?? '';
  const found: ReportedPayment[] = [];
  if (isOrderId(orderId)) {
    const listed = outcomeOf(await call(paymentListAnswer, () => sdk.orders.fetchPayments(orderId)));
    if (listed.ok) found.push(...listed.value);
    // Not every charge's order can be asked for; the payment itself always can.
    else if (listed.kind !== 'refused') return listed;
  }
  if (!isPaymentId(paymentId) || found.some((payment) => payment.paymentId === paymentId)) {
    return { ok: true, value: found };
  }
  const named = outcomeOf(await call(paymentAnswer, () => sdk.payments.fetch(paymentId)));
  return named.ok ? { ok: true, value: [...found, named.value] } : named;
}

const OVER: ReadonlySet<MandateStatus> = new Set(['cancelled', 'completed', 'expired']);

async function cancel(sdk: Razorpay, call: Call, mandateId: string): Promise<Outcome<ProviderMandate>> {
  if (!isMandateId(mandateId)) return refused('not a mandate id');
  const answer = outcomeOf(await call(mandateEntity, () => sdk.subscriptions.cancel(mandateId, false)));
  if (!answer.ok && answer.kind !== 'refused') return answer;
  if (answer.ok && answer.value.mandateId === mandateId && OVER.has(answer.value.status)) return answer;
  // Refused, for instance because it is over already; or answered without saying that it is: the look-up tells.
  const now = await fetchOne(sdk, call, mandateId);
  if (now.ok && OVER.has(now.value.status)) return now;
  return answer.ok ? unknown(`the mandate was to be cancelled and is ${answer.value.status}`) : answer;
}
