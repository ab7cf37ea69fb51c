// Where the server's list of tax documents is written down. A document never changes, so the newest page is enough once
// the whole list was read; the first list of each start is read to its end again, which proves that none is missing.
import type { ToldDocumentList } from '../../shared/contract/told-document.ts';
import { storeDocuments, storeListed } from '../mirror/documents.ts';
import type { Mirror } from '../mirror/open.ts';
import type { Log } from '../ports.ts';
import type { Answer, Failure } from './answer.ts';
import type { Client } from './client.ts';

export interface DocumentBook {
  /**
   * Reads the server's list where something may be new (`look`), and to its end where it was not read whole since the start or
   * rows may be missing (`relist`).
   */
  readonly refresh: (client: Pick<Client, 'documents'>, look: boolean, relist?: boolean) => Promise<DocumentsRead>;
}

/** failure: why the list was not read to where it had to be; what was read until then is kept. */
export interface DocumentsRead {
  readonly changed: boolean;
  readonly failure: Failure | null;
}

/** now: trusted time. */
export function createDocumentBook(mirror: Mirror, now: () => Date, log: Log): DocumentBook {
  let whole = false;
  let begunAnew = mirror.begunAnew();

  const ended = (failure: Failure, changed: boolean): DocumentsRead => {
    // What lies behind the page that did not come may be missing until the list is read to its end.
    whole = false;
    const strange = failure.kind === 'refused' || (failure.kind === 'none' && failure.reason === 'not_understood');
    if (!strange) return { changed, failure };
    // A server that has no such list, or says what we do not understand, keeps no counter from its work.
    log('warn', 'the list of documents was not read', { ...failure });
    return { changed, failure: null };
  };
  return {
    async refresh(client, look, relist = false) {
      let changed = false;
      if (relist || begunAnew !== mirror.begunAnew()) whole = false;
      begunAnew = mirror.begunAnew();
      if (whole && !look) return { changed, failure: null };
      const seen = new Set<string>();
      let cursor: string | null = null;
      do {
        const page: Answer<ToldDocumentList> = await client.documents(cursor);
        if (page.kind !== 'ok') return ended(page, changed);
        if (page.value.unread > 0) log('warn', 'documents could not be read', { documents: page.value.unread });
        const news = storeDocuments(mirror, page.value.items);
        changed = changed || news;
        cursor = page.value.nextCursor;
        if (cursor !== null && seen.has(cursor)) return ended({ kind: 'none', reason: 'not_understood' }, changed);
        if (cursor !== null) seen.add(cursor);
        if (whole && !news) break;
      } while (cursor !== null);
      whole = true;
      storeListed(mirror, now().toISOString());
      return { changed, failure: null };
    },
  };
}
