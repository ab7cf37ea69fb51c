// Owns the HTML of the checkout page: what is paid on the left, how on the right. What its buttons do is in
// assets/checkout-page.js, which reads all that it needs from the data attributes.

import { bankReasonNames, bankReasons } from './bank-reasons.ts';
import type { OrderRow } from './database.ts';
import { type Html, html, money, page } from './html.ts';

export interface CheckoutView {
  readonly base: string;
  readonly order: OrderRow;
  readonly sellerName: string;
  readonly description: string;
  readonly callbackUrl: string;
  readonly cancelUrl: string;
  /** The page that holds this one in a frame, or empty when this one fills the window. */
  readonly parentOrigin: string;
  /** Where the page's script pays; the checkout's own when absent. */
  readonly payPath?: string;
}

const STYLES = ['desk.css', 'checkout.css'];

export function checkoutPage(view: CheckoutView): string {
  const { base, order, sellerName } = view;
  const amount = money(order.amount, order.currency);
  const body = html`
<main class="checkout" id="checkout" data-pay-url="${base}${view.payPath ?? `/checkout/${order.id}`}" data-callback="${view.callbackUrl}"
  data-cancel="${view.cancelUrl}" data-parent="${view.parentOrigin}">
  ${bill(view, amount)}
  <section class="desk" aria-labelledby="desk-title">
    <header>
      <h1 id="desk-title" tabindex="-1">${order.status === 'paid' ? 'This order is paid' : 'Pay with test money'}</h1>
      <button type="button" class="close" id="close" aria-label="Close the checkout">×</button>
    </header>
    ${order.status === 'paid' ? html`<p>There is nothing left to pay.</p>` : form(amount)}
    <div class="result" id="result" hidden>
      <p class="tick" aria-hidden="true">✓</p>
      <h1 id="result-title" tabindex="-1">Paid with test money</h1>
      <p id="result-text"></p>
    </div>
    <p class="status" id="status" role="status"></p>
  </section>
</main>`;
  return page({
    base,
    title: `Pay ${amount} (test) · ${sellerName}`,
    name: 'pay',
    styles: STYLES,
    script: 'checkout-page.js',
    body,
  });
}

/** For a person whose link is old or cut short: a page, where a program would get an error. */
export function noSuchOrderPage(base: string): string {
  const body = html`
<main class="checkout alone">
  <section class="desk">
    <h1>There is no such order</h1>
    <p>The link may be cut short, or the sandbox was started anew with an empty file.</p>
  </section>
</main>`;
  return page({ base, title: 'No such order (test)', name: 'pay', styles: STYLES, script: null, body });
}

function bill({ order, sellerName, description }: CheckoutView, amount: string): Html {
  return html`<section class="bill" aria-label="What is paid">
    <p class="seller"><span class="mark" aria-hidden="true">${sellerName.trim().charAt(0).toUpperCase()}</span>${sellerName}</p>
    <p class="amount">${amount}</p>
    <p class="what">${description}</p>
    <dl>
      <div><dt>Order</dt><dd>${order.id}</dd></div>
      ${order.receipt !== null && html`<div><dt>Receipt</dt><dd>${order.receipt}</dd></div>`}
      <div><dt>Attempts so far</dt><dd>${order.attempts}</dd></div>
    </dl>
    <p class="fine">Payment sandbox, in place of Razorpay</p>
  </section>`;
}

function form(amount: string): Html {
  return html`<form id="form" novalidate>
      <div class="tabs" role="tablist" aria-label="Way to pay">
        <button type="button" role="tab" id="tab-card" aria-controls="panel-card" aria-selected="true">Card</button>
        <button type="button" role="tab" id="tab-upi" aria-controls="panel-upi" aria-selected="false" tabindex="-1">UPI</button>
      </div>
      <div class="panel" role="tabpanel" id="panel-card" aria-labelledby="tab-card">
        <p class="hint">A test card, filled in. A real card number is neither needed nor accepted.</p>
        <label class="field">Card number <input readonly value="4111 1111 1111 1111"></label>
        <div class="pair">
          <label class="field">Expiry <input readonly value="12 / 34"></label>
          <label class="field">CVV <input readonly value="123"></label>
        </div>
        <label class="field">Name on card <input readonly value="Test Pharmacist"></label>
      </div>
      <div class="panel" role="tabpanel" id="panel-upi" aria-labelledby="tab-upi" hidden>
        <fieldset class="choices">
          <legend>Test UPI address</legend>
          <label><input type="radio" name="vpa" value="success@razorpay" checked><span><b>success@razorpay</b>pays at once</span></label>
          <label><input type="radio" name="vpa" value="failure@razorpay"><span><b>failure@razorpay</b>is refused by the bank</span></label>
        </fieldset>
      </div>
      <p class="failure" id="failure" role="alert" hidden></p>
      <button type="submit" class="go" id="pay">Pay ${amount}</button>
      <fieldset class="refuse">
        <legend>Or let the bank refuse it</legend>
        <label class="field">Reason <select id="reason">
          ${bankReasonNames.map((name) => html`<option value="${name}">${bankReasons[name].description}</option>`)}
        </select></label>
        <button type="button" class="no" id="fail">Fail</button>
      </fieldset>
    </form>`;
}
