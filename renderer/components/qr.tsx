// A QR code as one SVG path: dark on white in both colour schemes, because phones read it, not people.
import { useMemo } from 'react';
import { encode } from 'uqr';
import styles from './qr.module.css';
import { qrPath } from './qr-path.ts';

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
