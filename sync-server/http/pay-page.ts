// The page that takes a payment, as text: for a browser on the counter or on a phone, usable by whoever has the link,
// showing nothing but the purchase. Pure: data in, HTML out.

import type { PurchaseState } from '../../shared/contract/billing.ts';
import { unreachable } from '../../shared/contract/unreachable.ts';
import { rupeesText } from '../../shared/ledger/money.ts';
import { businessZone } from '../../shared/plan/service-year.ts';
import type { Checkout } from '../providers/port.ts';

export interface PayPage {
  readonly sellerName: string;
  readonly description: string;
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

const calendarDay = new Intl.DateTimeFormat('en-IN', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const longDate = new Intl.DateTimeFormat('en-IN', { dateStyle: 'long', timeZone: businessZone });

function autopayMessage({ agreed, firstChargeAt }: NonNullable<PayPage['autopay']>, amountPaise: number) {
  const first = firstChargeAt === null ? 'at once' : `on ${longDate.format(firstChargeAt)}`;
  const charge = `${formatRupees(amountPaise)} is taken for the first time ${first}, and then every year.`;
  return agreed
    ? { title: 'Autopay is set up', text: `${charge} There is nothing to pay now; you can close this page.` }
    : { title: 'Agree to autopay', text: `You agree once. ${charge} You can end autopay on the counter at any time.` };
}

function message(state: PurchaseState): { title: string; text: string } {
  switch (state) {
    case 'awaiting_payment':
      return { title: 'Pay securely', text: 'This page shows by itself when the payment has arrived.' };
    case 'paid':
      return {
        title: 'Payment received',
        text: 'Thank you. The counter shows it within moments; you can close this page.',
      };
    case 'under_review':
      return {
        title: 'Payment is being checked',
        text: 'Your money has arrived and is being checked by a person. Please do not pay again.',
      };
    case 'cancelled':
      return {
        title: 'Cancelled',
        text: 'This purchase was cancelled. Please do not pay; start a new one on the counter.',
      };
    case 'expired':
      return { title: 'Expired', text: 'The time to pay is over. Please start a new purchase on the counter.' };
    case 'refunded':
      return { title: 'Refunded', text: 'This payment was sent back to where it came from.' };
    default:
      return unreachable(state);
  }
}

function untilLine({ state, renewedUntil }: PayPage): string {
  if (renewedUntil === null) return '';
  const word = state === 'paid' ? 'Your plan runs until' : 'If you pay today, your plan runs until';
  return `<div class="until"><dt>${word}</dt><dd>${calendarDay.format(new Date(`${renewedUntil}T00:00:00Z`))}</dd></div>`;
}

export function renderPayPage(page: PayPage): string {
  const { checkout, autopay } = page;
  const { title, text } = autopay === null ? message(page.state) : autopayMessage(autopay, page.amountPaise);
  const asked = autopay === null ? `Pay ${formatRupees(page.amountPaise)}` : 'Set up autopay';
  const pay =
    checkout === null
      ? ''
      : checkout.kind === 'redirect'
        ? `<a class="button" href="${escapeHtml(checkout.url)}">${asked}</a>`
        : `<button class="button" id="pay" type="button" data-options="${escapeHtml(JSON.stringify(checkout.options))}">${asked}</button>`;
  const failure =
    page.failure !== null && checkout !== null
      ? `<p class="failure" role="alert">The last attempt failed: ${escapeHtml(page.failure)} You can try again.</p>`
      : '';
  const provider = checkout?.kind === 'script' ? `<script src="${escapeHtml(checkout.scriptUrl)}"></script>` : '';
  return `<!doctype html>
<html lang="en-IN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${escapeHtml(page.sellerName)}</title>
<link rel="icon" href="/pay/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/pay/assets/pay.css">
</head>
<body data-state="${page.state}">
${page.testMoney ? '<p class="test" role="note">Test money: nothing is charged here.</p>' : ''}
<main>
<p class="seller">${escapeHtml(page.sellerName)}</p>
<h1 class="state-${page.state}">${title}</h1>
<dl><div><dt>${escapeHtml(page.description)}</dt><dd>${formatRupees(page.amountPaise)}</dd></div>${untilLine(page)}</dl>
${failure}
${pay}
<p class="hint" role="status" id="status">${text}</p>
</main>
${provider}
<script src="/pay/assets/pay.js"></script>
</body>
</html>
`;
}
