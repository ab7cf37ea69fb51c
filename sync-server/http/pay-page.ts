// The page that takes a payment, as text: for a browser on the counter or on a phone, usable by whoever has the link,
// showing nothing but the purchase. Pure: data in, HTML out.

import type { PurchaseState } from '../../shared/contract/billing.ts';
import { rupeesText } from '../../shared/ledger/money.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import type { Checkout } from '../providers/port.ts';
import type { PayWords } from './pay-words.ts';

export interface PayPage {
  readonly sellerName: string;
  readonly sku: Sku;
  readonly quantity: number;
  readonly amountPaise: number;
  readonly state: PurchaseState;
  /** Of a renewal that is paid, or would be if it were paid now: the calendar date until which the plan is renewed. */
  readonly renewedUntil: string | null;
  readonly failure: string | null;
  /** null where there is nothing to pay any more. */
  readonly checkout: Checkout | null;
  readonly testMoney: boolean;
  /** For a renewal that a mandate pays: whether the customer has agreed, and when it is charged first (null: at once). */
  readonly autopay: { readonly agreed: boolean; readonly firstChargeAt: Date | null } | null;
}

const rupees = new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' });

/** ₹15,000.00 from 1500000. */
export function formatRupees(paise: number): string {
  return rupees.format(rupeesText(paise) as unknown as number);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function toldOf(words: PayWords, { autopay, amountPaise, state }: PayPage) {
  if (autopay === null) return words.states[state];
  const first = autopay.firstChargeAt === null ? null : words.day.format(autopay.firstChargeAt);
  return words.autopay[autopay.agreed ? 'agreed' : 'open'](formatRupees(amountPaise), first);
}

function untilLine(words: PayWords, { state, renewedUntil }: PayPage): string {
  if (renewedUntil === null) return '';
  const until = words.calendarDate.format(new Date(`${renewedUntil}T00:00:00Z`));
  return `<div class="until"><dt>${words.runsUntil[state === 'paid' ? 'paid' : 'unpaid']}</dt><dd>${until}</dd></div>`;
}

function payButton(words: PayWords, { checkout, autopay, amountPaise }: PayPage): string {
  if (checkout === null) return '';
  const asked = autopay === null ? words.pay(formatRupees(amountPaise)) : words.agree;
  return checkout.kind === 'redirect'
    ? `<a class="button" href="${escapeHtml(checkout.url)}">${asked}</a>`
    : `<button class="button" id="pay" type="button" data-options="${escapeHtml(JSON.stringify(checkout.options))}">${asked}</button>`;
}

export function renderPayPage(words: PayWords, page: PayPage): string {
  const { checkout, sku, quantity } = page;
  const { title, text } = toldOf(words, page);
  const what = quantity > 1 ? `${quantity} × ${words.products[sku]}` : words.products[sku];
  const failure =
    page.failure !== null && checkout !== null
      ? `<p class="failure" role="alert">${escapeHtml(words.failed(page.failure))}</p>`
      : '';
  const provider = checkout?.kind === 'script' ? `<script src="${escapeHtml(checkout.scriptUrl)}"></script>\n` : '';
  const body = `${page.testMoney ? `<p class="test" role="note">${words.testMoney}</p>` : ''}
<main>
<p class="seller">${escapeHtml(page.sellerName)}</p>
<h1 class="state-${page.state}">${title}</h1>
<dl><div><dt>${escapeHtml(what)}</dt><dd>${formatRupees(page.amountPaise)}</dd></div>${untilLine(words, page)}</dl>
${failure}
${payButton(words, page)}
<p class="hint" role="status" id="status" data-unreachable="${words.unreachable}" data-offline="${words.offline}">${text}</p>
</main>
${provider}<script src="/pay/assets/pay.js"></script>`;
  return html(words, { title: `${title} · ${page.sellerName}`, state: page.state, body });
}

/** For a person whose link names no purchase: the answer is the same, whether there is one or not. */
export function renderWrongLink(words: PayWords, sellerName: string): string {
  const { title, text } = words.wrongLink;
  const body = `<main>
<p class="seller">${escapeHtml(sellerName)}</p>
<h1>${title}</h1>
<p class="hint">${text}</p>
</main>`;
  return html(words, { title: `${title} · ${sellerName}`, state: 'none', body });
}

function html({ locale }: PayWords, { title, state, body }: Record<'title' | 'state' | 'body', string>): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/pay/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pay/assets/pay.css">
</head>
<body data-state="${state}">
${body}
</body>
</html>
`;
}
