// A ledger entry in words.
import type { LedgerEntryView } from '../../shared/contract/ledger-views.ts';
import type { Words } from './purchase-words.ts';

type Named = Pick<LedgerEntryView, 'kind' | 'feature' | 'reference'>;

/** Names of counters by id; null for whom nobody named. */
export type ActorNames = ReadonlyMap<string, string | null>;

/** What the ledger calls an entry; a kind that we do not know is shown as it is. */
export function entryName(words: Words, entry: Named): string {
  const { text, format } = words;
  const { kinds } = text.ledger;
  switch (entry.kind) {
    case 'monthly_grant':
      return kinds.monthlyGrant(format.month(entry.reference));
    case 'topup':
      return kinds.topup;
    case 'spend':
      return kinds.spend(entry.feature === null ? null : featureName(words, entry.feature));
    case 'reversal':
      return kinds.reversal;
    case 'adjustment':
      return kinds.adjustment;
    default:
      return kinds.unknown(entry.kind);
  }
}

/** Number and reference; a month that the name tells already is not told twice. */
export function entryDetail({ text, format }: Words, entry: Named & Pick<LedgerEntryView, 'seq'>): string {
  const month = entry.kind === 'monthly_grant' ? format.month(entry.reference) : null;
  const reference = month === null ? entry.reference : null;
  return [text.ledger.entry(format.number(entry.seq)), reference].filter((part) => part !== null).join(' · ');
}

/** A feature that has no name here is shown as it is. */
export function featureName({ text }: Words, feature: string): string {
  return Object.hasOwn(text.ledger.features, feature) ? (text.ledger.features[feature] ?? feature) : feature;
}

export function kindName({ text }: Words, kind: string): string {
  const { kinds } = text.ledgerList;
  return Object.hasOwn(kinds, kind) ? (kinds[kind] ?? kind) : text.ledger.kinds.unknown(kind);
}

/** Who did it: nobody named means the server itself. */
export function actorName({ text }: Words, names: ActorNames, actor: string | null): string {
  const { actors, unnamedCounter } = text.ledgerList;
  const by = actor ?? 'system';
  if (Object.hasOwn(actors, by)) return actors[by] ?? by;
  return names.get(by) ?? unnamedCounter(by.replace(/^dev_/, '').slice(0, 6));
}

/** Those of the features whose name on the screen holds the text. */
export function featuresNamed(words: Words, features: readonly string[], text: string): string[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') return [];
  return features.filter((feature) => featureName(words, feature).toLocaleLowerCase().includes(wanted)).slice(0, 50);
}
