// Which screen is shown, kept in the page's address so that Back, reload and bookmarks work.
export const screens = ['overview', 'purchases', 'invoices', 'ledger', 'usage', 'counters', 'settings'] as const;
export type Screen = (typeof screens)[number];

export function screenOf(hash: string): Screen {
  const name = hash.replace(/^#\/?/, '');
  return screens.find((screen) => screen === name) ?? 'overview';
}

export function addressOf(screen: Screen): string {
  return `#/${screen}`;
}
