// A QR code as one SVG path: dark on white in both colour schemes, because phones read it, not people.
import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './qr.module.css';

/** The path of all dark modules, each run of a row one bar. Exported for its test. */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  const bars: string[] = [];
  for (const [y, row] of rows.entries()) {
    let start = -1;
    for (let x = 0; x <= row.length; x += 1) {
      if (row[x] === true && start < 0) start = x;
      if (row[x] !== true && start >= 0) {
        bars.push(`M${start} ${y}h${x - start}v1h${start - x}z`);
        start = -1;
      }
    }
  }
  return bars.join('');
}

export function Qr({ data, label }: { readonly data: string; readonly label: string }) {
  const { path, size } = useMemo(() => {
    const code = encode(data, { ecc: 'M', border: 4 });
    return { path: qrPath(code.data), size: code.size };
  }, [data]);
  return (
    <svg
      className={styles.qr}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000000" />
    </svg>
  );
}
