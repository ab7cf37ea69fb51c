// Hindi: what credits were used for, and how long they last.
import type { Messages } from '../en.ts';

export const usage: Messages['usage'] = {
  lead: 'AI फ़ीचर में इस्तेमाल हुए क्रेडिट, दिन और फ़ीचर के हिसाब से।',
  period: {
    label: 'समय',
    days_7: 'पिछले 7 दिन',
    days_30: 'पिछले 30 दिन',
    days_90: 'पिछले 90 दिन',
    months_12: 'पिछले 12 महीने',
  },
  total: 'इस्तेमाल हुए',
  granted: 'आए, वापस लिए घटाकर',
  most: 'एक दिन में सबसे ज़्यादा',
  mostMonth: 'एक महीने में सबसे ज़्यादा',
  chart: {
    title: { day: 'रोज़ का इस्तेमाल', month: 'हर महीने का इस्तेमाल' },
    label: (from, to, spent) => `${from} से ${to} तक इस्तेमाल हुए क्रेडिट: ${spent}। नीचे की टेबल में यही संख्याएं हैं।`,
    of: (when, spent) => `${when}: ${spent} इस्तेमाल हुए`,
    hint: 'संख्या देखने के लिए किसी पट्टी पर माउस लाएं।',
  },
  byFeature: 'फ़ीचर के हिसाब से',
  byDay: { day: 'दिन के हिसाब से', month: 'महीने के हिसाब से' },
  columns: {
    feature: 'फ़ीचर',
    day: 'दिन',
    month: 'महीना',
    used: 'इस्तेमाल हुए',
    share: 'हिस्सा',
    granted: 'आए या वापस लिए',
  },
  others: 'दूसरे फ़ीचर',
  withoutFeature: 'बिना फ़ीचर के',
  since: (date) => `लेजर ${date} से शुरू होता है।`,
  none: {
    title: 'इस समय में कुछ इस्तेमाल नहीं हुआ',
    body: 'जैसे ही AI फ़ीचर क्रेडिट इस्तेमाल करेंगे, यहां दिखेगा कि किस दिन और किस काम में।',
  },
};

export const recentUse: Messages['recentUse'] = {
  used: (month) => `${month} में इस्तेमाल हुए`,
  forecast: 'इसी तरह चला तो',
  runsOut: (date) => `${date} तक चलेंगे`,
  lasts: 'एक साल से ज़्यादा चलेंगे',
  unknown: 'अभी बताने जितना इस्तेमाल नहीं हुआ',
  usedUp: 'सब खत्म हो गए',
  outdated: 'डेटा पुराना है, कह नहीं सकते',
  details: 'इस्तेमाल देखें',
};
