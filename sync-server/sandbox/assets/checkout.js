// The script that a seller's page includes: window.Razorpay with open(), on() and close(), as Standard Checkout has them.
// With `redirect: true` and a `callback_url` the whole window goes to the checkout page, which posts the result to the
// callback. Otherwise the page opens in a frame over the seller's, and the result comes to `handler` and the listeners.

// A block, so that nothing but window.Razorpay is left behind on the seller's page.
{
  // …/v1/checkout.js → …/
  const base = new URL('..', document.currentScript.src);

  class Razorpay {
    #options;
    #listeners = new Map();
    #frame = null;
    #before = null;
    #hear = (message) => this.#received(message);

    constructor(options) {
      if (!options?.key) throw new Error('No key passed');
      this.#options = options;
    }

    on(event, listener) {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
      return this;
    }

    open() {
      const { order_id: orderId, redirect, callback_url: callbackUrl } = this.#options;
      if (!orderId) throw new Error('The sandbox needs an order_id');
      if (redirect && callbackUrl) {
        // Back by the browser's own button, the seller's page may be shown as it was left: that is a dismissal.
        addEventListener('pageshow', (shown) => shown.persisted && this.#options.modal?.ondismiss?.(), { once: true });
        location.assign(this.#address({ callback_url: callbackUrl, cancel_url: location.href }));
        return;
      }
      this.#before = document.activeElement;
      this.#frame = document.createElement('iframe');
      this.#frame.title = 'Checkout with test money';
      this.#frame.src = this.#address({ parent: location.origin });
      Object.assign(this.#frame.style, {
        position: 'fixed',
        inset: '0',
        width: '100%',
        height: '100%',
        border: '0',
        zIndex: '2147483647',
      });
      addEventListener('message', this.#hear);
      document.body.append(this.#frame);
      this.#frame.focus();
    }

    close() {
      removeEventListener('message', this.#hear);
      this.#frame?.remove();
      this.#frame = null;
      this.#before?.focus?.();
    }

    #address(extra) {
      const { order_id: orderId, name, description } = this.#options;
      const url = new URL(`checkout/${encodeURIComponent(orderId)}`, base);
      for (const [key, value] of Object.entries({ name, description, ...extra })) {
        if (value) url.searchParams.set(key, value);
      }
      return url.href;
    }

    #received(message) {
      if (message.source !== this.#frame?.contentWindow || message.origin !== base.origin) return;
      const { kind, result } = message.data;
      if (kind === 'failed') for (const listener of this.#listeners.get('payment.failed') ?? []) listener(result);
      if (kind === 'paid') {
        this.close();
        this.#options.handler?.(result);
      }
      if (kind === 'dismissed') {
        this.close();
        this.#options.modal?.ondismiss?.();
      }
    }
  }

  window.Razorpay = Razorpay;
}
