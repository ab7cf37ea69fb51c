// Hindi: the ledger and the counters.
import type { Messages } from '../en.ts';

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
  lead: 'इस फ़ार्मेसी के लिए काम करने वाले कंप्यूटर।',
  add: 'काउंटर जोड़ें',
  columns: { added: 'कब जुड़ा', seen: 'आखिरी बार दिखा' },
  current: 'यह काउंटर',
  active: 'चालू',
  revoked: 'हटाया गया',
  never: 'अभी नहीं',
  moreExist: 'जितने यहां दिख रहे हैं, उनसे ज़्यादा काउंटर हैं।',
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
