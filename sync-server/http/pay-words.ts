// What the pay page says, in the languages of the counter. Whoever opens it may be on a phone that the counter knows nothing of, so
// the language is the one that the link names, else the one that the browser asks for, else English.
import Negotiator from 'negotiator';
import type { PurchaseState } from '../../shared/contract/billing.ts';
import { catalogue, type Sku } from '../../shared/plan/catalogue.ts';
import { businessZone } from '../../shared/plan/service-year.ts';

export const payLanguages = ['en', 'hi'] as const;
export type PayLanguage = (typeof payLanguages)[number];

interface Told {
  readonly title: string;
  readonly text: string;
}

/**
 * Amounts and dates come as text. first: when autopay takes money first, null for at once. calendarDate: of a date at midnight in UTC;
 * day: of an instant, as the day that it is in India.
 */
export interface PayWords {
  readonly locale: string;
  readonly calendarDate: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly testMoney: string;
  readonly states: Readonly<Record<PurchaseState, Told>>;
  readonly products: Readonly<Record<Sku, string>>;
  readonly pay: (amount: string) => string;
  readonly agree: string;
  readonly runsUntil: { readonly paid: string; readonly unpaid: string };
  readonly failed: (reason: string) => string;
  readonly autopay: Readonly<Record<'open' | 'agreed', (amount: string, first: string | null) => Told>>;
  readonly unreachable: string;
  readonly offline: string;
  readonly wrongLink: Told;
}

const formsOf = (locale: string) => ({
  locale,
  calendarDate: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: businessZone }),
});

const en: PayWords = {
  ...formsOf('en-IN'),
  testMoney: 'Test money: nothing is charged here.',
  states: {
    awaiting_payment: { title: 'Pay securely', text: 'This page shows by itself when the payment has arrived.' },
    paid: {
      title: 'Payment received',
      text: 'Thank you. The counter shows it within moments; you can close this page.',
    },
    under_review: {
      title: 'Payment is being checked',
      text: 'Your money has arrived and is being checked by a person. Please do not pay again.',
    },
    cancelled: {
      title: 'Cancelled',
      text: 'This purchase was cancelled. Please do not pay; start a new one on the counter.',
    },
    expired: { title: 'Expired', text: 'The time to pay is over. Please start a new purchase on the counter.' },
    refunded: { title: 'Refunded', text: 'This payment was sent back to where it came from.' },
  },
  products: {
    'plan.pharmapulse-one': catalogue['plan.pharmapulse-one'].description,
    'renewal.year': catalogue['renewal.year'].description,
    'topup.50k': catalogue['topup.50k'].description,
  },
  pay: (amount) => `Pay ${amount}`,
  agree: 'Set up autopay',
  runsUntil: { paid: 'Your plan runs until', unpaid: 'If you pay today, your plan runs until' },
  failed: (reason) => `The last attempt failed: ${reason} You can try again.`,
  autopay: {
    open: (amount, first) => ({
      title: 'Agree to autopay',
      text: `You agree once. ${taken(amount, first)} You can end autopay on the counter at any time.`,
    }),
    agreed: (amount, first) => ({
      title: 'Autopay is set up',
      text: `${taken(amount, first)} There is nothing to pay now; you can close this page.`,
    }),
  },
  unreachable: 'The payment service cannot be reached. Check the internet connection and load this page again.',
  offline: 'No connection just now. This page keeps looking.',
  wrongLink: {
    title: 'This link does not work',
    text: 'It is not complete, or not a link of ours. Open the purchase on the counter and pay from there.',
  },
};

function taken(amount: string, first: string | null): string {
  const when = first === null ? 'at once' : `on ${first}`;
  return `${amount} is taken for the first time ${when}, and then every year.`;
}

const hi: PayWords = {
  ...formsOf('hi-IN'),
  testMoney: 'टेस्ट का पैसा: यहां असली पैसा नहीं कटता।',
  states: {
    awaiting_payment: { title: 'सुरक्षित पेमेंट', text: 'पेमेंट होते ही इस पेज पर अपने-आप दिखेगा।' },
    paid: { title: 'पेमेंट हो गया', text: 'धन्यवाद। कुछ ही पल में काउंटर पर दिखेगा; आप यह पेज बंद कर सकते हैं।' },
    under_review: {
      title: 'पेमेंट जांच में है',
      text: 'आपका पैसा पहुंच गया है और हमारी टीम उसे जांच रही है। कृपया दोबारा पेमेंट न करें।',
    },
    cancelled: { title: 'रद्द', text: 'यह खरीदारी रद्द हो चुकी है। कृपया पेमेंट न करें; काउंटर पर नई खरीदारी करें।' },
    expired: { title: 'समय निकल गया', text: 'पेमेंट का समय निकल गया है। कृपया काउंटर पर नई खरीदारी करें।' },
    refunded: { title: 'पैसा वापस', text: 'यह पैसा वहीं वापस भेज दिया गया है जहां से आया था।' },
  },
  products: {
    'plan.pharmapulse-one': 'PharmaPulse One: एक बार का प्लान, 1 ब्रांच, सर्विस का पहला साल',
    'renewal.year': 'PharmaPulse One: सर्विस के एक साल का रिन्यूअल',
    'topup.50k': 'AI क्रेडिट, 50,000 का पैक',
  },
  pay: (amount) => `${amount} का पेमेंट करें`,
  agree: 'ऑटोपे चालू करें',
  runsUntil: { paid: 'आपका प्लान इस तारीख तक चलेगा', unpaid: 'आज पेमेंट करने पर आपका प्लान इस तारीख तक चलेगा' },
  failed: (reason) => `पिछली बार पेमेंट नहीं हुआ। बैंक का जवाब: “${reason}”। आप फिर से पेमेंट कर सकते हैं।`,
  autopay: {
    open: (amount, first) => ({
      title: 'ऑटोपे की मंज़ूरी',
      text: `मंज़ूरी एक ही बार देनी है। ${takenInHindi(amount, first)} ऑटोपे काउंटर से कभी भी बंद कर सकते हैं।`,
    }),
    agreed: (amount, first) => ({
      title: 'ऑटोपे चालू है',
      text: `${takenInHindi(amount, first)} अभी कुछ नहीं देना है; आप यह पेज बंद कर सकते हैं।`,
    }),
  },
  unreachable: 'पेमेंट सर्विस तक पहुंच नहीं पा रहे। इंटरनेट देखें और यह पेज फिर से खोलें।',
  offline: 'अभी इंटरनेट नहीं है। यह पेज देखता रहेगा।',
  wrongLink: {
    title: 'यह लिंक नहीं चलता',
    text: 'लिंक अधूरा है या हमारा नहीं है। काउंटर पर खरीदारी खोलें और वहीं से पेमेंट करें।',
  },
};

function takenInHindi(amount: string, first: string | null): string {
  const when = first === null ? 'अभी' : `${first} को`;
  return `${amount} पहली बार ${when} कटेंगे, और फिर हर साल।`;
}

const words: Readonly<Record<PayLanguage, PayWords>> = { en, hi };

/** asked: named by the link. headers: `accept-language` counts, as RFC 9110 has it. */
export function payWordsFor(
  asked: PayLanguage | undefined,
  headers: { 'accept-language'?: string | undefined },
): PayWords {
  if (asked !== undefined) return words[asked];
  const [best] = new Negotiator({ headers }).languages([...payLanguages]);
  return words[payLanguages.find((language) => language === best) ?? 'en'];
}

/** A person who opened a link, and not a program that asks for JSON. */
export function wantsPage(headers: { accept?: string | undefined }): boolean {
  return (
    headers.accept !== undefined &&
    new Negotiator({ headers }).mediaTypes(['application/json', 'text/html'])[0] === 'text/html'
  );
}
