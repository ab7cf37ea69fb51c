// Seals: a checksum beside each row of the mirror, over what no hash of the server covers. It finds what a bad disk or another
// program did to the file; it is no signature.
import { crc32 } from 'node:zlib';

export type Sealed = string | number | null;

/** On rows of before there were seals: those are taken as they are. */
const unsealed = -1;

/** Whether a row's seal is that of its fields. */
export const isSealed = (seal: number, ...fields: readonly Sealed[]): boolean =>
  seal === unsealed || seal === sealOf(...fields);

/** The seal of a row's fields, in a fixed order; null differs from the empty text. */
export function sealOf(...fields: readonly Sealed[]): number {
  let text = '';
  for (const field of fields) text += field === null ? '\n-' : `\n+${field}`;
  return crc32(text);
}
