// The icon beside the clock: the counter goes on syncing while its window is closed, and this is how to get it back. It says
// credits and state in words, in the tooltip and in the menu, since not every desktop shows both.
import { Menu, nativeImage, Tray } from 'electron';
import type { Log, Timers } from '../../ports.ts';
import type { ShellWords } from '../../words/shell-words.ts';
import type { TrayLines } from './tray-lines.ts';
import { trayPoints, traySide } from './tray-picture.ts';

const picture = (urgent: boolean) =>
  nativeImage.createFromBitmap(trayPoints(urgent), { width: traySide, height: traySide });

export interface TrayParts {
  /** What there is to say now, and in whose words. */
  readonly read: () => { readonly words: ShellWords; readonly now: TrayLines };
  /** Calls back whenever that may be another. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly timers: Timers;
  readonly log: Log;
  readonly open: () => void;
  readonly sync: () => void;
  readonly quit: () => void;
}

/** Kept while the app runs: a tray that is collected takes its icon with it. */
const standing = new Set<Tray>();
/** Of changes that come together the last one is shown. */
const togetherMs = 250;

/**
 * Returns how to leave it as it is, for when the counter stops. A desktop without a tray is left alone: there the window comes
 * back when the app is started again.
 */
export function showTray(parts: TrayParts): () => void {
  const { timers, log } = parts;
  try {
    const tray = new Tray(picture(false));
    standing.add(tray);
    tray.on('click', parts.open);
    const show = painter(tray, parts);
    let due = false;
    let stopped = false;
    const run = () => {
      due = false;
      if (stopped) return;
      try {
        show();
      } catch (error) {
        log('warn', 'the tray could not be painted anew', { reason: String(error) });
      }
    };
    run();
    const stop = parts.subscribe(() => {
      if (!due) timers.after(togetherMs, run);
      due = true;
    });
    return () => {
      stop();
      stopped = true;
    };
  } catch (error) {
    log('warn', 'this desktop has no tray', { reason: String(error) });
    return () => undefined;
  }
}

/** A menu that is open must not be taken away for one that says the same. */
function painter(tray: Tray, { read, open, sync, quit }: TrayParts): () => void {
  let shown = '';
  return () => {
    const { words, now } = read();
    const wanted = JSON.stringify([words.locale, now]);
    if (wanted === shown) return;
    tray.setImage(picture(now.urgent));
    tray.setToolTip(now.tip);
    const { menu } = words;
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...now.lines.map((label) => ({ label, enabled: false })),
        { type: 'separator' },
        { label: menu.open, click: open },
        { label: menu.sync, click: sync },
        { type: 'separator' },
        { label: menu.quit, click: quit },
      ]),
    );
    shown = wanted;
  };
}
