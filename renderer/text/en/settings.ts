// English: the settings of this counter.
export const settings = {
  title: 'Settings',
  saved: 'Saved.',
  look: {
    title: 'Language and look',
    language: 'Language',
    systemLanguage: (name: string) => `As on this PC (${name})`,
    languageFailed: 'This language could not be loaded. Reload the page, then choose it again.',
    theme: 'Colours',
    themes: {
      system: 'As on this PC',
      light: 'Light',
      dark: 'Dark',
      contrast: 'High contrast',
    },
  },
  notices: {
    title: 'Notifications',
    lead: 'What Windows or the desktop shows beside the clock. In the app everything is told in any case.',
    payments: 'Payments: paid, failed, or a decision is needed',
    renewal: 'Renewal: due soon, overdue, lapsed',
    credits: 'Credits: running low, used up',
    unable:
      'This counter runs in a browser, which shows no notifications of its own. Everything is told here in the app.',
  },
  start: {
    title: 'Start with the PC',
    label: 'Start PharmaPulse One when this PC starts',
    hint: 'It waits beside the clock and keeps your data up to date.',
    unable:
      'This counter cannot be started by the PC itself: that needs the installed desktop app on Windows or a Mac.',
  },
  pharmacy: {
    title: 'Pharmacy',
    lead: 'Name, address and GSTIN on your next invoices.',
    change: 'Change details',
  },
  credits: {
    below: (credits: string) => `You are told when fewer than ${credits} credits are left.`,
    never: 'You are not told when credits run low.',
  },
  server: {
    title: 'Server',
    address: 'Address',
    hint: 'It is set when the counter is installed. Purchases and the key of this counter belong to this server, so it is not changed here; support can do that.',
    version: 'Version of this app',
  },
  support: {
    title: 'For support',
    lead: 'A file with versions, counts and what waits, for when something does not work. It holds no password, no name and no address.',
    run: 'Save diagnostics file',
    running: 'Saving…',
    saved: 'Saved. Send the file to support.',
    downloading: 'The file is in the browser’s downloads. Send it to support.',
  },
};
