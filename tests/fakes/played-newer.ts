// A counter whose server is newer than it: a purchase, a document and an entry of which this version knows a part only.
import type { Scenario } from './played-counter.ts';
import { everyState, typical } from './played-scenarios.ts';

export function ofNewerServer(): Scenario {
  const usual = typical();
  const leased = everyState().filter(({ state }) => state === 'unknown');
  return {
    ...usual,
    purchases: [...leased.map((one) => ({ ...one, mine: true, deviceName: 'Front counter' })), ...usual.purchases],
    newerDocuments: [
      {
        id: 'dbn_20261121_1',
        kind: 'unknown',
        number: 'PD/26-27/000001',
        financialYear: '26-27',
        issuedOn: '2026-11-21',
        what: '',
        buyerGstin: null,
        totalPaise: null,
        originalNumber: null,
        pdfHeld: false,
      },
    ],
    entries: usual.entries.map((entry) =>
      entry.kind === 'goodwill_bonus'
        ? {
            ...entry,
            more: [
              { name: 'campaign', value: 'Diwali 2026' },
              { name: 'approvedBy', value: 'Regional office, Pune' },
              { name: 'batch', value: '{"no":17,"of":"2026-11"}' },
            ],
          }
        : entry,
    ),
  };
}
