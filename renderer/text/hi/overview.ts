// Hindi: the overview.
import type { Messages } from '../en.ts';
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('hi-IN');
const days = (n: number) => plural(n, { one: `${n} दिन`, other: `${n} दिन` });
/** After a word such as में: दिन stays as it is for one and for many. */
const daysIn = (n: number) => `${days(n)} में`;
const daysLeft = (n: number) => plural(n, { one: `${n} दिन बचा`, other: `${n} दिन बचे` });

export const overview: Messages['overview'] = {
  title: 'ओवरव्यू',
  credits: {
    title: 'AI क्रेडिट',
    available: 'इस्तेमाल के लिए मौजूद',
    balance: 'बैलेंस',
    held: 'चल रहे काम के लिए रोके गए',
    topUp: 'क्रेडिट टॉप-अप करें',
    unknown: 'सर्वर से पहली बार जुड़ने के बाद क्रेडिट दिखेंगे।',
    needsPlan: 'क्रेडिट प्लान के साथ मिलते हैं: हर महीने 50,000।',
    low: {
      title: 'क्रेडिट कम हो रहे हैं',
      body: (left) => `${left} बचे हैं। टॉप-अप करें ताकि AI का काम न रुके।`,
    },
    none: {
      title: 'क्रेडिट खत्म हो गए',
      body: 'टॉप-अप करने तक AI फ़ीचर रुके रहेंगे। बिलिंग और बिक्री चलती रहेगी।',
    },
    neverExpire: 'खरीदे हुए क्रेडिट कभी एक्सपायर नहीं होते।',
    limit: {
      title: 'क्रेडिट कब कम माने जाएं',
      name: 'इससे कम होने पर बताया जाता है',
      never: 'कभी नहीं',
      change: 'बदलें',
      lead: 'जब इससे कम क्रेडिट बचें तो यह काउंटर आपको बताता है। 0 का मतलब है कभी नहीं।',
      label: 'क्रेडिट',
      fault: '0 से 99,99,99,999 तक की पूरी संख्या लिखें।',
      save: 'सेव करें',
    },
  },
  plan: {
    title: 'प्लान',
    name: 'PharmaPulse One',
    status: {
      none: 'अभी नहीं खरीदा',
      active: 'चालू',
      due_soon: 'रिन्यूअल पास है',
      past_due: 'रिन्यूअल बाकी है',
      lapsed: 'रिन्यूअल छूट गया',
    },
    lastKnown: (status) => `आखिरी जानकारी: ${status}`,
    price: 'कीमत',
    once: (price) => `${price} एक बार`,
    boughtOn: 'खरीदने की तारीख',
    nextRenewal: 'अगला रिन्यूअल',
    wasDue: 'रिन्यूअल की तारीख थी',
    dueDate: 'रिन्यूअल की तारीख',
    daysLeft: 'बाकी दिन',
    graceLeft: 'छूट के बाकी दिन',
    included: 'इसमें शामिल',
    branches: (n) => plural(n, { one: `${n} ब्रांच`, other: `${n} ब्रांच` }),
    monthly: (credits) => `हर महीने ${credits} क्रेडिट`,
    priority: 'प्राथमिकता से सपोर्ट',
    updates: 'अपडेट और सर्विस',
    everything: 'सभी फ़ीचर',
    core: 'बिक्री, बिलिंग और AI मदद',
    batch: 'बैच AI',
    firstYear: 'पहले साल की सर्विस',
    off: 'रिन्यू करने तक बंद',
    renew: (price) => (price === null ? 'एक साल के लिए रिन्यू करें' : `${price} में रिन्यू करें`),
    autopay: 'अपने-आप रिन्यू होता है (ऑटोपे)',
    manual: 'आप साल में एक बार रिन्यू करते हैं',
    unknown: 'सर्वर से पहली बार जुड़ने के बाद प्लान दिखेगा।',
  },
  start: {
    title: 'PharmaPulse One शुरू करें',
    body: 'एक बार पेमेंट करें और सभी फ़ीचर इस्तेमाल करें। पहले साल के बाद थोड़े-से सालाना रिन्यूअल से अपडेट और सर्विस मिलती रहती है।',
    buy: 'PharmaPulse One खरीदें',
    afterYear: (price) => `फिर दूसरे साल से ${price} सालाना`,
  },
  banner: {
    due_soon: {
      title: (left) => (left === null ? 'रिन्यूअल पास है' : `रिन्यूअल ${daysIn(left)}`),
      body: (date) => `${date} से पहले रिन्यू करें। आपका कोई दिन नहीं घटेगा: नया साल इसके खत्म होने पर शुरू होगा।`,
      autopay: (date) => `यह ${date} को अपने-आप रिन्यू होगा। आपको कुछ नहीं करना है।`,
    },
    past_due: {
      title: (left) => (left === null ? 'रिन्यूअल बाकी है' : `रिन्यूअल बाकी है: ${daysLeft(left)}`),
      body: (date) => `${date} तक सब कुछ चलता रहेगा। हर महीने के क्रेडिट और अपडेट चालू रखने के लिए अभी रिन्यू करें।`,
    },
    lapsed: {
      title: 'रिन्यूअल छूट गया है',
      body: 'बिक्री, बिलिंग, टॉप-अप और आपके क्रेडिट चलते रहेंगे। हर महीने के क्रेडिट, अपडेट, बैच AI और प्राथमिकता से सपोर्ट रिन्यू करने तक बंद हैं।',
    },
    stale: {
      title: (date) => `प्लान की जानकारी ${date} की है`,
      body: 'तब से सर्वर ने पक्का नहीं किया है, इसलिए रिन्यूअल बदला हो सकता है। जो चालू था, चालू रहेगा।',
      checkDate: 'इस कंप्यूटर की तारीख गलत हो तो कृपया ठीक करें।',
    },
    payOpen: (price) => `${price} का रिन्यूअल पेमेंट करें`,
  },
  waiting: {
    title: 'बाकी खरीदारी',
    none: 'कुछ बाकी नहीं है।',
    noneHint: 'जिसे भेजना, पेमेंट करना या तय करना हो, वह यहां दिखेगी।',
    all: 'सारी खरीदारी देखें',
  },
  noPrices: 'सर्वर से पहली बार जुड़ने के बाद कीमतें दिखेंगी।',
};
