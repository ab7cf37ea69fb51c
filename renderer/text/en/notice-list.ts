// English: what the user was told, to be read again.
export const noticeList = {
  title: 'Notices',
  lead: 'What this counter has told you, newest first.',
  unread: (n: number, shown: string) => `${shown} ${n === 1 ? 'is' : 'are'} new`,
  isNew: 'New',
  empty: { title: 'No notices yet', body: 'Payments, renewals and low credits are told here.' },
};
