// When the rows that we hold are looked at again, and how far that has come. Every row is looked at before the first pull of a
// start claims anything, unless nobody has touched the file since every row was; and again as soon as another program wrote to
// it. Beyond that each pull looks at the next ten thousand: all of them in most shops, and in turn in the others. The work is
// done in slices, so that the screen is answered in between.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sha256 } from '../../shared/ledger/chain.ts';
import { dropAlteredDocuments } from '../mirror/documents.ts';
import type { Mirror } from '../mirror/open.ts';
import { dropAlteredPdfs } from '../mirror/pdfs.ts';
import { dropAlteredPurchases } from '../mirror/purchases.ts';
import type { Left } from '../mirror/stamp.ts';
import { type Range, walkSlice } from '../mirror/walk.ts';

/** So few that a call never waits for longer than a millisecond. */
const rowsAtOnce = 250;
const rowsAPull = 10_000;

/**
 * bad: rows of the ledger that are missing or altered. dropped: altered rows of other tables, which were taken out. touched:
 * another program wrote to the file, so that rows of any table may be missing.
 */
export interface Looked {
  readonly bad: readonly Range[];
  readonly dropped: number;
  readonly touched: boolean;
}

export interface HeldCheck {
  /** Looks at what is due; null where the counter stops meanwhile. */
  readonly look: (orgId: string) => Promise<Looked | null>;
  /** Every row is to be looked at again at the next look. */
  readonly doubt: () => void;
  /** What was bad is no more. */
  readonly mended: () => void;
  /** For the next start. */
  readonly left: () => Pick<Left, 'checkedTo' | 'whole'>;
}

export function createHeldCheck(mirror: Mirror, sha256: Sha256, ending: AbortSignal): HeldCheck {
  let { checkedTo, whole } = mirror.asLeft ?? { checkedTo: 0, whole: false };
  let bad: Range[] = [];
  let papersDue = !whole;
  let seen = versionOf(mirror);

  const doubt = () => {
    checkedTo = 0;
    whole = false;
    papersDue = true;
    bad = [];
  };
  const walk = async (orgId: string): Promise<boolean> => {
    for (let rows = 0; !ending.aborted; rows += rowsAtOnce) {
      const slice = walkSlice(mirror, orgId, sha256, checkedTo, rowsAtOnce);
      bad.push(...slice.bad);
      checkedTo = slice.ended ? 0 : slice.at;
      if (slice.ended) {
        whole = true;
        return true;
      }
      if (whole && rows + rowsAtOnce >= rowsAPull) return true;
      await nextTurn();
    }
    return false;
  };
  return {
    async look(orgId) {
      const version = versionOf(mirror);
      const touched = version !== seen;
      if (touched) doubt();
      seen = version;
      // Rows that are known to be bad need not be found again while the network does not let them be mended.
      if (bad.length === 0 && !(await walk(orgId))) return null;
      // Together with the first rows: in most shops with all of them, at every pull.
      if (checkedTo > 0 && !papersDue) return { bad, dropped: 0, touched };
      const pdfs = papersDue ? dropAlteredPdfs(mirror) : 0;
      papersDue = false;
      const rows = dropAlteredPurchases(mirror) + dropAlteredDocuments(mirror);
      return { bad, dropped: pdfs + rows, touched };
    },
    doubt,
    mended() {
      bad = [];
    },
    left: () => ({ checkedTo, whole: whole && bad.length === 0 }),
  };
}

/** Rises when another connection writes to the file, and when it is begun anew. */
const versionOf = (mirror: Mirror): string =>
  `${String(mirror.sqlite.pragma('data_version', { simple: true }))} ${mirror.begunAnew()}`;
