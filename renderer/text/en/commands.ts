// English: the command palette and the list of keys.
export const commands = {
  title: 'Commands',
  search: 'What do you want to do?',
  none: 'No command fits.',
  go: (screen: string) => `Go to ${screen}`,
  shortcuts: {
    title: 'Keyboard shortcuts',
    lead: 'They work on every screen.',
    commands: 'Find a command',
    close: 'Close what is open',
    rows: 'Move through the ledger',
    openRow: 'Open the entry',
  },
};
