// Owns the HTML of the page at which a customer agrees to a mandate or refuses it. Its buttons are plain forms.

import { html, money, page, time } from './html.ts';
import type { Subscription } from './mandate.ts';
import type { Plan } from './plans.ts';

export interface MandateView {
  readonly base: string;
  readonly subscription: Subscription;
  readonly plan: Plan;
  /** The bank said no just now. */
  readonly refused: boolean;
}

const EVERY = { daily: 'day', weekly: 'week', monthly: 'month', quarterly: 'quarter', yearly: 'year' } as const;
const STYLES = ['desk.css', 'checkout.css'];

export function mandatePage(view: MandateView): string {
  const { base, subscription, plan } = view;
  const amount = money(plan.item.amount * subscription.quantity, plan.item.currency);
  const each = plan.interval === 1 ? `every ${EVERY[plan.period]}` : `every ${plan.interval} ${EVERY[plan.period]}s`;
  const body = html`
<main class="checkout">
  <section class="bill" aria-label="What is agreed to">
    <p class="seller"><span class="mark" aria-hidden="true">↻</span>${plan.item.name}</p>
    <p class="amount">${amount}</p>
    <p class="what">${each}, ${subscription.total_count} times at most</p>
    <dl>
      <div><dt>Mandate</dt><dd>${subscription.id}</dd></div>
      <div><dt>First charge</dt><dd>${subscription.start_at === null ? 'at once' : time(subscription.start_at * 1000)}</dd></div>
      <div><dt>Charged so far</dt><dd>${subscription.paid_count}</dd></div>
    </dl>
    <p class="fine">Payment sandbox, in place of Razorpay</p>
  </section>
  <section class="desk" aria-labelledby="desk-title">${desk(view, amount, each)}</section>
</main>`;
  return page({ base, title: `Agree to ${amount} ${each} (test)`, name: 'pay', styles: STYLES, script: null, body });
}

function desk({ base, subscription, refused }: MandateView, amount: string, each: string) {
  const { id, status } = subscription;
  if (status === 'created') {
    return html`
    <header><h1 id="desk-title">Agree with your UPI app</h1></header>
    <p>You allow this seller to take ${amount} ${each} from <b>success@razorpay</b>, until you cancel it in the app.</p>
    ${refused && html`<p class="failure" role="alert">The bank did not accept it. You can try again.</p>`}
    <form method="post" action="${base}/mandate/${id}"><button class="go" id="agree" name="answer" value="agree">Agree</button></form>
    <form method="post" action="${base}/mandate/${id}" class="refuse">
      <p>Or say no, as a customer or a bank may.</p>
      <button class="no" id="refuse" name="answer" value="refuse">Refuse</button>
    </form>`;
  }
  const agreed = status === 'authenticated' || status === 'active';
  return html`<div class="result">
    ${agreed && html`<p class="tick" aria-hidden="true">✓</p>`}
    <h1 id="desk-title">${agreed ? 'You have agreed' : `This mandate is ${status}`}</h1>
    <p>${agreed ? 'You can close this page now.' : 'There is nothing to agree to here.'}</p>
  </div>`;
}

/** For a person whose link is old or cut short. */
export function nothingHerePage(base: string, title: string, text: string): string {
  const body = html`
<main class="checkout alone">
  <section class="desk"><h1>${title}</h1><p>${text}</p></section>
</main>`;
  return page({ base, title: `${title} (test)`, name: 'pay', styles: STYLES, script: null, body });
}
