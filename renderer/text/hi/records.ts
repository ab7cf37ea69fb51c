// Hindi: the ledger and the counters.
import type { Messages } from '../en.ts';
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('hi-IN');

const waitingHere = (n: number) =>
  n === 0
    ? ''
    : plural(n, {
        one: 'यहां रुकी एक खरीदारी नहीं भेजी जाएगी। ',
        other: `यहां रुकी ${n} खरीदारियां नहीं भेजी जाएंगी। `,
      });

export const ledger: Messages['ledger'] = {
  title: 'लेजर',
  columns: { date: 'तारीख', what: 'किसलिए', credits: 'क्रेडिट', balance: 'इसके बाद बैलेंस' },
  caption: 'क्रेडिट का पूरा हिसाब, नया सबसे ऊपर',
  kinds: {
    monthlyGrant: (month) => (month === null ? 'महीने के क्रेडिट' : `${month} के क्रेडिट`),
    topup: 'टॉप-अप',
    spend: (feature) => (feature === null ? 'इस्तेमाल हुए' : `${feature} में इस्तेमाल हुए`),
    reversal: 'पैसा वापस होने पर लिए गए',
    adjustment: 'सपोर्ट ने ठीक किया',
    unknown: (kind) => `दूसरा (${kind})`,
  },
  features: {
    'ai.assist': 'AI सहायक',
    'ai.batch': 'AI बैच काम',
    'ai.chat': 'AI चैट',
  },
  entry: (seq) => `नं. ${seq}`,
  empty: { title: 'अभी कोई एंट्री नहीं', body: 'प्लान खरीदते ही पहले 50,000 क्रेडिट आ जाएंगे।' },
};

export const counters: Messages['counters'] = {
  title: 'काउंटर',
  lead: 'वे कंप्यूटर जिन पर आपकी फ़ार्मेसी काम करती है।',
  add: 'काउंटर जोड़ें',
  columns: { added: 'कब जुड़ा', seen: 'आखिरी बार दिखा' },
  current: 'यह काउंटर',
  active: 'चालू',
  revoked: 'हटाया गया',
  never: 'कभी नहीं',
  asOf: (time) => `${time} की सूची; इसके बाद कुछ बदला हो सकता है।`,
  needsConnection: 'जोड़ने, नाम बदलने और हटाने के लिए इंटरनेट चाहिए।',
  rename: {
    action: 'नाम बदलें',
    of: (name) => `${name} का नाम बदलें`,
    label: (name) => `${name} का नया नाम`,
    save: 'नाम सेव करें',
    saving: 'सेव हो रहा है…',
    cancel: 'रहने दें',
    fault: 'नाम लिखें, कम से कम एक अक्षर या अंक, 100 अक्षरों तक।',
    taken: 'यह नाम दूसरे काउंटर का है। ऐसा नाम चुनें जिससे दोनों अलग पहचाने जाएं।',
    done: (name) => `नया नाम: ${name}।`,
  },
  revoke: {
    action: 'हटाएं',
    of: (name) => `${name} को हटाएं`,
    title: (name) => `${name} को हटाना है?`,
    body: 'यह काउंटर तुरंत काम करना बंद कर देगा: इससे कुछ नहीं भेजा जाएगा, इस पर रुकी खरीदारी भी नहीं। जो इस पर पहले से है, उसे वहां देखा जा सकेगा। दूसरे काउंटर के कोड से इसे फिर जोड़ सकते हैं।',
    yes: 'हां, हटाएं',
    no: 'रहने दें',
    selfTitle: 'जिस काउंटर पर आप काम कर रहे हैं, उसी को हटाना है?',
    selfBody: (waiting) =>
      `यह काउंटर तुरंत काम करना बंद कर देगा: जो इस पर पहले से है, बस वही दिखेगा। ${waitingHere(waiting)}इस पर फिर काम करने के लिए दूसरे काउंटर का कोड चाहिए होगा।`,
    selfYes: 'हां, इसी को हटाएं',
    working: 'हट रहा है…',
    onlyOne: 'यही एक काउंटर चालू है, इसलिए इसे नहीं हटा सकते: इसे फिर जोड़ने वाला कोई दूसरा नहीं होगा।',
    done: (name) => `${name} हटाया गया।`,
  },
  empty: { title: 'कोई काउंटर नहीं', body: 'दूसरे कंप्यूटर पर PharmaPulse One चलाने के लिए काउंटर जोड़ें।' },
  code: {
    title: 'काउंटर जोड़ें',
    lead: 'दूसरे कंप्यूटर पर PharmaPulse One खोलें, “कोड से जोड़ें” चुनें और यह कोड लिखें।',
    label: 'जोड़ने का कोड',
    left: (minutes) => `${minutes} मिनट और चलेगा`,
    once: 'यह एक ही बार चलता है।',
    ended: 'इस कोड का समय निकल गया।',
    again: 'नया कोड बनाएं',
    done: 'ठीक है',
  },
};
