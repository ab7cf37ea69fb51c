// The ledger page by page, from the mirror.
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import { countEntries, readEntries } from '../mirror/entries.ts';
import type { Mirror } from '../mirror/open.ts';

export function ledgerPage(mirror: Mirror, page: CallInput<'ledger.page'>): CallOutput<'ledger.page'> {
  return { entries: readEntries(mirror, page.before, page.limit), total: countEntries(mirror) };
}
