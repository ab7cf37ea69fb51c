// The data folder as a whole: the lease first, then both files; all given back in the opposite order.
import { mkdirSync } from 'node:fs';
import { type Mirror, openMirror } from '../mirror/open.ts';
import { type Left, stampOf } from '../mirror/stamp.ts';
import { type Outbox, openOutbox } from '../outbox/open.ts';
import { forgetSetting, readSetting, saveSetting } from '../outbox/settings.ts';
import type { Log } from '../ports.ts';
import { ownFolder } from './owner.ts';

export interface Data {
  readonly outbox: Outbox;
  readonly mirror: Mirror;
  /** checked: how far the mirror's rows were looked at, for the next start. */
  readonly close: (checked: Pick<Left, 'checkedTo' | 'whole'>) => void;
}

/** Throws `CannotStart`, with everything given back. */
export function openData(dataDir: string, log: Log): Data {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const opened: (() => void)[] = [ownFolder(dataDir)];
  const giveBack = () => {
    for (const end of opened.splice(0).reverse()) end();
  };
  try {
    const outbox = openOutbox(dataDir, log);
    opened.push(() => outbox.sqlite.close());
    const left = readSetting(outbox, 'mirrorLeft');
    // Only a start that ends well may say how it left the file.
    forgetSetting(outbox, 'mirrorLeft');
    const mirror = openMirror(dataDir, log, left);
    return {
      outbox,
      mirror,
      close(checked) {
        // Whoever ends a counter twice has nothing left to give back.
        if (opened.length === 0) return;
        mirror.sqlite.close();
        const stamp = stampOf(mirror.path);
        if (stamp !== null) saveSetting(outbox, 'mirrorLeft', { ...stamp, ...checked });
        giveBack();
      },
    };
  } catch (error) {
    giveBack();
    throw error;
  }
}
