// A ledger entry in words.
import type { LedgerEntryView } from '../../shared/contract/views.ts';
import type { Words } from './purchase-words.ts';

type Named = Pick<LedgerEntryView, 'kind' | 'feature' | 'reference'>;

/** What the ledger calls an entry; a kind that we do not know is shown as it is. */
export function entryName({ text, format }: Words, entry: Named): string {
  const { kinds, features } = text.ledger;
  switch (entry.kind) {
    case 'monthly_grant':
      return kinds.monthlyGrant(format.month(entry.reference));
    case 'topup':
      return kinds.topup;
    case 'spend':
      return kinds.spend(entry.feature === null ? null : (features[entry.feature] ?? entry.feature));
    case 'reversal':
      return kinds.reversal;
    case 'adjustment':
      return kinds.adjustment;
    default:
      return kinds.unknown(entry.kind);
  }
}
