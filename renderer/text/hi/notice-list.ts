// Hindi: what the user was told, to be read again.
import type { Messages } from '../en.ts';

export const noticeList: Messages['noticeList'] = {
  title: 'सूचनाएं',
  lead: 'इस काउंटर ने आपको जो बताया, नया सबसे ऊपर।',
  unread: (_n, shown) => `${shown} नई`,
  isNew: 'नई',
  empty: { title: 'अभी कोई सूचना नहीं', body: 'पेमेंट, रिन्यूअल और कम क्रेडिट की सूचना यहां मिलेगी।' },
};
