// Proof that a run was not empty: what must have happened, each at least once, or the run says nothing. Knows names alone.

const mustHappen = [
  ...[
    'drop',
    'cut after send',
    'late',
    'slow answer',
    'doubled',
    'reordered',
    'captive portal',
    'proxy 502',
    'busy',
    'offline',
  ],
  ...['altered page', 'feed in small pages', 'stream muted', 'stream refused', 'stream open'],
  ...[
    'cut between two writes',
    'cut before a request left',
    'cut before an answer was heard',
    'cut at rest',
    'switched off',
  ],
  ...['clock jumped', 'fell asleep', 'woke up', 'mirror row altered', 'mirror byte changed', 'mirror lost'],
  ...['webhook lost', 'webhook doubled', 'webhook late', 'provider failed', 'provider did it and did not say so'],
  ...['trouble: database', 'trouble: restart', 'trouble: provider'],
  ...[
    'queued plan.pharmapulse-one',
    'queued renewal.year',
    'queued topup.50k',
    'pressed twice',
    'renewal pressed on two counters',
  ],
  ...[
    'paid',
    'paid after its end',
    'paid too little',
    'bank refused',
    'checkout closed',
    'refunded',
    'revoked',
    'credits spent',
  ],
  ...['cancelled queued unsent', 'cancelled queued', 'cancelled awaiting_payment', 'new price agreed to'],
];
const mustBeCounted = [
  'resends',
  'charges',
  'told by whom',
  'items paid',
  'items expired',
  'items cancelled',
  'items refunded',
  'counters shut out',
];

/** What is missing, in words. */
export function emptiness(happened: ReadonlyMap<string, number>, figures: Readonly<Record<string, number>>): string[] {
  const missing = mustHappen.filter((what) => !((happened.get(what) ?? 0) > 0));
  const uncounted = mustBeCounted.filter((what) => !((figures[what] ?? 0) > 0));
  return [...missing, ...uncounted].map((what) => `the run was empty: "${what}" never happened`);
}
