// Without the shapes of ledger-views.ts, which the screen fetches after its first sight.
import type { LedgerFilter } from './ledger-views.ts';

export const wholeLedger: LedgerFilter = {
  kind: null,
  feature: null,
  actor: null,
  from: null,
  to: null,
  text: '',
  named: [],
};
