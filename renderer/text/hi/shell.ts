// Hindi: the frame around every screen, the connection line, and what all screens share.
import type { Messages } from '../en.ts';
import { pluralsOf } from '../plural.ts';

const plural = pluralsOf('hi-IN');
const since = (time: string, ago: string | null) => (ago === null ? time : `${time}, ${ago}`);

export const shell: Messages['shell'] = {
  product: 'PharmaPulse One',
  section: 'बिलिंग',
  skip: 'सीधे काम की जगह पर जाएं',
  nav: {
    label: 'मुख्य मेन्यू',
    overview: 'ओवरव्यू',
    purchases: 'खरीदारी',
    invoices: 'इनवॉइस',
    ledger: 'लेजर',
    usage: 'इस्तेमाल',
    counters: 'काउंटर',
    settings: 'सेटिंग',
    waiting: (n, shown) => plural(n, { one: `${shown} खरीदारी बाकी`, other: `${shown} खरीदारी बाकी` }),
  },
  starting: 'शुरू हो रहा है…',
  notStarted: 'स्क्रीन भर नहीं पाई',
  away: {
    title: 'काउंटर प्रोग्राम नहीं चल रहा है',
    body: 'इस कंप्यूटर पर PharmaPulse One शुरू करें। चलते ही यह पेज अपने-आप जुड़ जाएगा।',
    link: 'चल रहा हो और फिर भी यह पेज न जुड़े, तो प्रोग्राम जो लिंक दिखाता है उसे खोलें।',
    kept: 'नीचे जो दिख रहा है वह पहले का है।',
  },
  testMoney: 'टेस्ट का पैसा',
  testMoneyHint: 'यहां पेमेंट अंदर बने टेस्ट बैंक से होते हैं। असली पैसा नहीं कटता।',
  testTime: (time) => `टेस्ट का समय ${time}`,
  testTimeHint: 'आज़माने के लिए सर्वर की घड़ी बदली गई है। यह इस कंप्यूटर का समय नहीं है।',
  version: (version) => `वर्ज़न ${version}`,
  counterName: (name) => `यह काउंटर: ${name}`,
  loading: 'लोड हो रहा है…',
  retry: 'फिर कोशिश करें',
  refresh: 'रिफ़्रेश करें',
  refreshing: 'रिफ़्रेश हो रहा है…',
  close: 'बंद करें',
  dismiss: 'संदेश हटाएं',
  messages: 'संदेश',
  olderData: 'जो दिख रहा है वह पिछली बार का है।',
  date: {
    hint: 'दिन/माह/वर्ष',
    fault: 'दिन, महीना और साल लिखें, जैसे 22/11/2026।',
    calendar: (label) => `${label}: कैलेंडर से चुनें`,
    previous: 'पिछला महीना',
    next: 'अगला महीना',
  },
};

export const sync: Messages['sync'] = {
  label: 'कनेक्शन',
  online: 'ऑनलाइन',
  offline: 'ऑफलाइन',
  asked: 'सर्वर व्यस्त',
  connecting: 'जुड़ रहा है…',
  refused: 'मंज़ूर नहीं',
  away: 'नहीं चल रहा',
  dataFrom: (time, ago) => `${since(time, ago)} का डेटा`,
  offlineFrom: (time, ago) => `ऑफलाइन – ${since(time, ago)} का डेटा दिख रहा है`,
  askedFrom: (until, time, ago) =>
    `${until} तक रुकने को कहा है – ${time === null ? 'अभी कोई डेटा नहीं आया' : `${since(time, ago)} का डेटा दिख रहा है`}`,
  neverOnline: 'सर्वर से अभी कोई डेटा नहीं आया',
  neverOffline: 'ऑफलाइन – सर्वर से अभी कोई डेटा नहीं आया',
  refusedFrom: (time, ago) => `सर्वर को मंज़ूर नहीं – ${since(time, ago)} का डेटा दिख रहा है`,
  refusedNever: 'सर्वर इस काउंटर को मंज़ूर नहीं करता',
  justNow: 'अभी-अभी',
  clockWrong: {
    title: 'इस कंप्यूटर की घड़ी गलत है',
    body: 'कंप्यूटर की तारीख और समय ठीक करें। कुछ खोया नहीं है और कुछ बंद नहीं हुआ: ऐप सर्वर के समय से चलता है।',
  },
  revoked: {
    title: 'यह काउंटर फ़ार्मेसी से हटा दिया गया है',
    body: 'जो यहां है उसे आप अब भी देख सकते हैं। काउंटर फिर चलाने के लिए दूसरे काउंटर से कोड लेकर जोड़ें।',
    action: 'कोड से फिर जोड़ें',
  },
};
