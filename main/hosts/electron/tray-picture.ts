// The tray's icon, drawn here so that no picture has to be found at run time.

/** Width and height in points. */
export const traySide = 32;
const [white, green, amber, dark] = [0xff_ff_ff_ff, 0xff_0f_7b_5f, 0xff_ff_c8_3d, 0xff_21_15_10];

/** A white cross on green, with a mark of exclamation at its foot where something is to be done. BGRA, four bytes a point. */
export function trayPoints(urgent: boolean): Buffer {
  const points = Buffer.alloc(traySide * traySide * 4);
  const arm = (a: number, b: number) => a >= 12 && a < 20 && b >= 6 && b < 26;
  const mark = (x: number, y: number) => x >= 23 && x < 27 && y >= 14 && y < 31 && (y < 24 || y >= 27);
  const colour = (x: number, y: number) => {
    if (urgent && x >= 18 && y >= 11) return mark(x, y) ? dark : amber;
    return arm(x, y) || arm(y, x) ? white : green;
  };
  for (let at = 0; at < traySide * traySide; at += 1) {
    points.writeUInt32LE(colour(at % traySide, Math.floor(at / traySide)), at * 4);
  }
  return points;
}
