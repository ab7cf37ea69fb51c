// Hindi: the command palette and the list of keys.
import type { Messages } from '../en.ts';

export const commands: Messages['commands'] = {
  title: 'कमांड',
  search: 'आप क्या करना चाहते हैं?',
  none: 'ऐसा कोई कमांड नहीं है।',
  go: (screen) => `${screen} पर जाएं`,
  shortcuts: {
    title: 'कीबोर्ड शॉर्टकट',
    lead: 'ये हर स्क्रीन पर चलते हैं।',
    commands: 'कमांड खोजें',
    close: 'जो खुला है उसे बंद करें',
    rows: 'लेजर में आगे-पीछे जाएं',
    openRow: 'एंट्री खोलें',
  },
};
