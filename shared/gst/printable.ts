// Owns which letters a tax document can be printed with: those of the fonts that are embedded in its PDF, Noto Sans (Latin,
// Greek, Cyrillic, signs) and Noto Sans Devanagari. Knows nothing of fonts as files.

/** The two scripts that a text is split into for printing. */
export type PrintedScript = 'latin' | 'devanagari';

const devanagari = /[\u0900-\u097F\uA8E0-\uA8FF\u200C\u200D]/u;
/** Blocks of Noto Sans that it has in full, general punctuation, the rupee sign, and №, ™ and the like. */
const latin =
  /[\u0020-\u007E\u00A0-\u024F\u0370-\u0373\u0386-\u03CE\u0400-\u045F\u1E00-\u1EFF\u2010-\u2027\u2030-\u203A\u20B9\u2116\u2122]/u;

export interface PrintedRun {
  readonly script: PrintedScript;
  readonly text: string;
}

/** True where every character has a shape to be printed with. */
export function isPrintable(text: string): boolean {
  return [...text].every((sign) => latin.test(sign) || devanagari.test(sign));
}

/** Devanagari with what stands between two words of it: there the signs of its own font look right. */
const devanagariRun =
  /[\u0900-\u097F\uA8E0-\uA8FF\u200C\u200D]+(?:[ .,/()0-9-]*[\u0900-\u097F\uA8E0-\uA8FF\u200C\u200D]+)*/gu;

/** The text in runs of one script each, in order; together they are the text. */
export function scriptRuns(text: string): PrintedRun[] {
  const runs: PrintedRun[] = [];
  let done = 0;
  for (const found of text.matchAll(devanagariRun)) {
    if (found.index > done) runs.push({ script: 'latin', text: text.slice(done, found.index) });
    runs.push({ script: 'devanagari', text: found[0] });
    done = found.index + found[0].length;
  }
  if (done < text.length) runs.push({ script: 'latin', text: text.slice(done) });
  return runs;
}
