// PDFs of tax documents: one that is asked for comes from this PC, or from the server and is kept. The newest are fetched
// ahead of time, one after another and behind everything else, so that they are there when the network is not.
import type { Mirror } from '../mirror/open.ts';
import { missingPdfs, readPdf, storePdf } from '../mirror/pdfs.ts';
import type { Log, Random, Timer, Timers } from '../ports.ts';
import type { Answer } from './answer.ts';
import { itemBackoff, waitMs } from './backoff.ts';
import type { Client } from './client.ts';

/** So many of the newest documents have their PDF fetched without being asked; at some 60 kB each. */
export const keptAhead = 50;

export interface PdfShelf {
  /** From this PC, else from the server. */
  readonly get: (id: string) => Promise<Answer<Uint8Array>>;
  /** Begins to fetch what is missing, unless that is under way; returns at once. */
  readonly fill: () => void;
  /** Resolves when nothing is under way any more; to be called when the client's requests have been ended. */
  readonly stop: () => Promise<void>;
}

export interface PdfShelfParts {
  readonly client: Pick<Client, 'documentPdf'>;
  readonly mirror: Mirror;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** One more is held. */
  readonly onHeld: () => void;
}

export function createPdfShelf(parts: PdfShelfParts): PdfShelf {
  const { client, mirror, log } = parts;
  const putOff = new Set<string>();
  let stopped = false;
  let filling: Promise<void> | null = null;
  let failures = 0;
  let later: Timer | null = null;

  const fetchOne = async (id: string): Promise<Answer<Uint8Array>> => {
    const answer = checked(await client.documentPdf(id));
    // Nothing is written any more once the files are about to be closed.
    if (answer.kind === 'ok' && !stopped) {
      storePdf(mirror, id, answer.value);
      parts.onHeld();
    }
    return answer;
  };
  /** Until all are here, or one did not come: then whether to come again, and the server's word on when. */
  const fillUp = async (): Promise<{ readonly retryAfterMs: number | null } | null> => {
    for (;;) {
      const missing = missingPdfs(mirror, keptAhead);
      if (stopped || missing.length === 0) return null;
      const id = missing.find((one) => !putOff.has(one));
      if (id === undefined) {
        putOff.clear();
        return { retryAfterMs: null };
      }
      const answer = await fetchOne(id);
      if (answer.kind === 'ok') {
        failures = 0;
        continue;
      }
      // One that the server cannot print must not stand before the others at the next turn.
      putOff.add(id);
      if (answer.kind === 'unauthorised') return null;
      if (answer.kind !== 'refused') return { retryAfterMs: answer.kind === 'later' ? answer.retryAfterMs : null };
    }
  };
  const fill = () => {
    if (stopped || filling !== null) return;
    later?.cancel();
    filling = fillUp()
      .catch((error: unknown) => failed(log, error))
      .then((unfinished) => {
        filling = null;
        if (unfinished !== null && !stopped) again(unfinished.retryAfterMs);
      });
  };
  // The next contact may be minutes away while the server tells of what is new by itself.
  const again = (retryAfterMs: number | null) => {
    const ms = waitMs(itemBackoff, failures, parts.random(), retryAfterMs);
    later = parts.timers.after(ms, fill);
    failures += 1;
    log('info', 'PDFs are fetched again later', { ms });
  };
  return {
    async get(id) {
      const held = readPdf(mirror, id);
      return held === null ? fetchOne(id) : { kind: 'ok', value: held };
    },
    fill,
    async stop() {
      stopped = true;
      later?.cancel();
      await filling;
    },
  };
}

function failed(log: Log, error: unknown): null {
  log('warn', 'PDFs were not fetched', { reason: String(error) });
  return null;
}

/** A PDF from its first bytes to its end mark: half of one would be kept and printed. */
function checked(answer: Answer<Uint8Array>): Answer<Uint8Array> {
  if (answer.kind !== 'ok') return answer;
  const text = (from: number, to?: number) => Buffer.from(answer.value.subarray(from, to)).toString('latin1');
  const whole = text(0, 5) === '%PDF-' && text(-32).includes('%%EOF');
  return whole ? answer : { kind: 'none', reason: 'not_understood' };
}
