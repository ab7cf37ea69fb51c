// English: purchases, from asking to paid.
import type { PurchaseViewState } from '../../../shared/contract/purchase-view.ts';
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('en-IN');

const packs = (n: number) => plural(n, { one: '1 pack', other: `${n} packs` });
const states: Record<PurchaseViewState, string> = {
  queued: 'Waiting to be sent',
  awaiting_payment: 'Waiting for payment',
  paid: 'Paid',
  needs_confirmation: 'Price changed',
  rejected: 'Not accepted',
  cancelled: 'Cancelled',
  expired: 'Expired',
  refunded: 'Refunded',
  under_review: 'Under review',
  unknown: 'Update needed',
};

export const purchases = {
  title: 'Purchases',
  states,
  names: {
    plan: 'PharmaPulse One plan',
    renewal: 'Renewal for one year',
    unknown: 'Another kind of purchase',
    topup: (n: number) => `Top-up, ${packs(n)}`,
  },
  gives: (credits: string) => `${credits} credits`,
  askedOn: (counter: string) => `on ${counter}`,
  thisCounter: 'this counter',
  unknownCounter: 'another counter',
  empty: { title: 'No purchases yet', body: 'What you buy shows up here, from asking to the paid invoice.' },
  more: 'Show more',
  shown: (shown: string, total: string) => `${shown} of ${total} shown`,
  steps: {
    queuedOffline: 'Saved on this PC. Will be sent when you are back online.',
    queuedOnline: 'Saved on this PC. Being sent now.',
    sentNoAnswer: "Sent. Waiting for the server's answer.",
    preparing: 'The payment page is being prepared.',
    pay: (by: string) => `Pay by ${by}, on this PC or with a phone.`,
    failed: (reason: string) => `The last attempt failed: ${/[.!?]$/.test(reason) ? reason : `${reason}.`}`,
    failedAgain: 'You can pay again; nothing was taken twice.',
    paidOn: (date: string) => `Paid on ${date}.`,
    newPrice: (now: string, before: string) => `The price is now ${now} (it was ${before}). Nothing was charged.`,
    follows: (counter: string) => `${counter} asked for this first. Pay or follow that purchase.`,
    followsPaid: (counter: string) => `${counter} asked for this first, and it is paid. There is nothing more to pay.`,
    cancelled: 'Nothing was charged.',
    expired: 'It was not paid in time, and nothing was charged. Ask again to make a new purchase.',
    refunded: (amount: string) => `${amount} was paid back.`,
    underReview: 'Money came in that does not match. Our team checks it; nothing is lost, do not pay again.',
    unknown:
      'This version of the app does not know this kind of purchase. Update the app to see all of it; nothing is lost.',
  },
  actions: {
    pay: 'Pay',
    details: 'Details',
    payNow: 'Pay now',
    opening: 'Opening…',
    cancel: 'Cancel purchase',
    review: 'See new price',
    agree: (price: string) => `Agree to ${price}`,
    follow: 'Show that purchase',
    again: 'Ask again',
    of: (action: string, what: string) => `${action}: ${what}`,
  },
  cancel: {
    title: 'Cancel this purchase?',
    body: (what: string, amount: string) => `${what}, ${amount}. If somebody has just paid it, the money still counts.`,
    keep: 'Keep it',
    yes: 'Yes, cancel it',
    working: 'Cancelling…',
  },
  panel: {
    asked: 'Asked for',
    gives: 'You get',
    number: 'Purchase number',
    qrTitle: 'Or pay with a phone',
    qrBody: 'Scan the code with the phone’s camera. The same payment page opens there.',
    qrLabel: (what: string) => `QR code of the payment page: ${what}`,
    opened: 'The payment page is open in the browser. This window follows the payment.',
    openedAway: 'The payment page is open in the browser. The payment shows here once this counter is back online.',
    notOpened: 'If no new tab opened, use this link:',
    link: 'Open the payment page',
    waiting: 'Waiting for the payment…',
    paid: {
      title: 'Paid',
      topup: (credits: string) => `${credits} credits were added.`,
      plan: 'PharmaPulse One is yours. Welcome!',
      renewal: (until: string | null) =>
        until === null ? 'Your plan runs for one more year.' : `Your plan runs until ${until}.`,
    },
    done: 'Done',
  },
};
