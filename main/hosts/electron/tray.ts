// The icon beside the clock: the counter goes on syncing while its window is closed, and this is how to get it back.
import { Menu, nativeImage, Tray } from 'electron';

const side = 32;

/** A white cross on green, drawn here so that no picture has to be found at run time. BGRA, four bytes a point. */
function picture() {
  const points = Buffer.alloc(side * side * 4);
  for (let at = 0; at < side * side; at += 1) {
    const [x, y] = [at % side, Math.floor(at / side)];
    const arm = (a: number, b: number) => a >= 12 && a < 20 && b >= 6 && b < 26;
    points.writeUInt32LE(arm(x, y) || arm(y, x) ? 0xff_ff_ff_ff : 0xff_0f_7b_5f, at * 4);
  }
  return nativeImage.createFromBitmap(points, { width: side, height: side });
}

export interface TrayActions {
  readonly open: () => void;
  readonly sync: () => void;
  readonly quit: () => void;
}

export function showTray(actions: TrayActions): Tray {
  const tray = new Tray(picture());
  tray.setToolTip('PharmaPulse One billing');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open', click: actions.open },
      { label: 'Sync now', click: actions.sync },
      { type: 'separator' },
      { label: 'Quit', click: actions.quit },
    ]),
  );
  tray.on('click', actions.open);
  return tray;
}
