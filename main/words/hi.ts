// Hindi: what the desktop shell says outside of its window.
import type { ShellWords } from './shell-words.ts';

export const hi: ShellWords = {
  locale: 'hi-IN-u-nu-latn',
  // शाम 4:05, as on the screens.
  time: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', hour12: true, dayPeriod: 'short' },
  name: 'PharmaPulse One',
  menu: { open: 'खोलें', sync: 'अभी सिंक करें', quit: 'बंद करें' },
  notSetUp: 'अभी चालू नहीं किया गया',
  removed: 'फ़ार्मेसी से हटाया गया',
  credits: (n) => `${n} क्रेडिट`,
  creditsLow: (n) => `${n} क्रेडिट बचे हैं, कम हो रहे हैं`,
  creditsOut: 'कोई क्रेडिट नहीं बचा',
  plan: {
    none: () => 'प्लान अभी नहीं खरीदा',
    due_soon: (left) => `रिन्यूअल में ${left} दिन बाकी`,
    past_due: (left) => `रिन्यूअल बाकी है, ${left === 1 ? 'छूट का 1 दिन बचा' : `छूट के ${left} दिन बचे`}`,
    lapsed: () => 'रिन्यूअल छूट गया, कुछ फ़ीचर बंद हैं',
  },
  lastKnown: (line) => `आखिरी जानकारी: ${line}`,
  online: (at) => `ऑनलाइन, ${at} का डेटा`,
  offline: (at) => `ऑफलाइन, ${at} का डेटा`,
  connecting: (at) => `जुड़ रहा है, ${at} का डेटा`,
  notAccepted: (at) => `${at} का डेटा`,
  noData: 'सर्वर से अभी कोई डेटा नहीं आया',
  cannotStart: {
    title: 'PharmaPulse One शुरू नहीं हो सका',
    in_use: (place) => `इसी डेटा फ़ोल्डर पर दूसरा काउंटर पहले से चल रहा है: ${place}`,
    newer_data: (place) =>
      `यह डेटा PharmaPulse One के नए वर्ज़न का लिखा हुआ है। ऐप अपडेट करें; कुछ भी नहीं बदला गया है। फ़ाइल: ${place}`,
    damaged_outbox: (place) =>
      `रुकी हुई खरीदारियों की सूची खराब हो गई है और पढ़ी नहीं जा सकती। वह यहां रखी है: ${place}। आगे बढ़ने से पहले सपोर्ट से पूछें। दोबारा शुरू करने पर सूची खाली होगी।`,
    not_durable: (place) =>
      `यह डिस्क सेव किए हुए डेटा को बचाए रखने का भरोसा नहीं देती: ${place}। डेटा को इसी कंप्यूटर की किसी डिस्क पर रखें, या सपोर्ट से पूछें।`,
    unknown: (reason) => `ऐप फिर से शुरू करें; फिर भी न चले तो यह लाइन सपोर्ट को बताएं।\n\n${reason}`,
  },
};
