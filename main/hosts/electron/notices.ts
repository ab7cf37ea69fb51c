// Notices of the operating system, each once: after every change it looks again, shows what is news, and keeps what it
// has seen in a small file. The file is a convenience: without it a notice may come twice, and nothing else happens.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Notification } from 'electron';
import { calls } from '../../../shared/contract/ipc.ts';
import type { PurchaseView } from '../../../shared/contract/views.ts';
import type { Counter } from '../../counter.ts';
import type { Log } from '../../ports.ts';
import { lookAt, newsBetween, type OsNotice, type Seen, seen } from './news.ts';

/** Kept while they stand: a notification that is collected takes its click with it. */
const standing = new Set<Notification>();

function show({ title, body }: OsNotice, open: () => void): void {
  const notification = new Notification({ title, body });
  standing.add(notification);
  notification.on('click', open);
  notification.on('close', () => standing.delete(notification));
  notification.show();
}

function readSeen(file: string): Seen | null {
  try {
    return seen.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Asks the core as a page would; null when it refused. */
function purchasesOf(counter: Counter): Promise<readonly PurchaseView[] | null> {
  return new Promise((resolve) => {
    const core: { ask?: (frame: unknown) => void } = {};
    const stop = counter.serve({
      post: (frame) => {
        const { id, result } = frame as { id?: number; result?: { ok: boolean; value: unknown } };
        if (id === undefined) return;
        stop();
        resolve(result?.ok === true ? calls['purchases.list'].output.parse(result.value).items : null);
      },
      onMessage: (listener) => {
        core.ask = listener;
      },
      close: () => resolve(null),
    });
    core.ask?.({ id: 1, call: 'purchases.list', input: { limit: 100, offset: 0 } });
  });
}

export function showNotices(counter: Counter, file: string, log: Log, open: () => void): void {
  if (!Notification.isSupported()) return;
  let last = readSeen(file);
  let turn = Promise.resolve();
  const look = async () => {
    const purchases = await purchasesOf(counter);
    if (purchases === null) return;
    const overview = counter.status();
    const now = lookAt(overview, purchases);
    if (JSON.stringify(now) === JSON.stringify(last)) return;
    for (const one of newsBetween(last, overview, purchases)) show(one, open);
    last = now;
    writeFileSync(`${file}.new`, JSON.stringify(now));
    renameSync(`${file}.new`, file);
  };
  counter.subscribe(() => {
    turn = turn.then(look).catch((error: unknown) => log('warn', 'notices failed', { reason: String(error) }));
  });
}
