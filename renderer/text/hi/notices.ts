// Hindi: what the user is told once.
import type { Messages } from '../en.ts';

export const notices: Messages['notices'] = {
  paid: {
    title: 'पेमेंट हो गया',
    body: (what, credits) =>
      credits === null ? `${what}: पेमेंट हो गया।` : `${what}: पेमेंट हो गया। अब आप ${credits} और क्रेडिट इस्तेमाल कर सकते हैं।`,
  },
  failed: {
    title: 'पेमेंट नहीं हुआ',
    body: (what, reason) => `${what}। ${reason} आप फिर से पेमेंट कर सकते हैं।`,
  },
  decision: 'एक खरीदारी पर आपका फ़ैसला चाहिए',
  decisionBody: (what, step) => `${what}। ${step}`,
  moved: (what, state) => `${what}: ${state}`,
  lapsed: 'बिक्री, बिलिंग और आपके क्रेडिट चलते रहेंगे। रिन्यू करने तक कुछ फ़ीचर बंद हैं।',
};
