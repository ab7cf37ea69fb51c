// The data folder as a whole: the lease first, then both files; all given back in the opposite order.
import { mkdirSync } from 'node:fs';
import { type Mirror, openMirror } from '../mirror/open.ts';
import { type Outbox, openOutbox } from '../outbox/open.ts';
import type { Log } from '../ports.ts';
import { ownFolder } from './owner.ts';

export interface Data {
  readonly outbox: Outbox;
  readonly mirror: Mirror;
  readonly close: () => void;
}

/** Throws `CannotStart`, with everything given back. */
export function openData(dataDir: string, log: Log): Data {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = ownFolder(dataDir);
  const closing: (() => void)[] = [release];
  const close = () => {
    for (const end of closing.splice(0).reverse()) end();
  };
  try {
    const outbox = openOutbox(dataDir, log);
    closing.push(() => outbox.sqlite.close());
    const mirror = openMirror(dataDir, log);
    closing.push(() => mirror.sqlite.close());
    return { outbox, mirror, close };
  } catch (error) {
    close();
    throw error;
  }
}
