// The fonts of printed documents, from files that come with the program: Noto Sans, which has the rupee sign, and Noto Sans
// Devanagari for Hindi and Marathi names. Both are embedded in every PDF, as far as its letters need them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { PrintedScript } from '../../shared/gst/printable.ts';

export type Weight = 'regular' | 'bold';
export type FontName = `${PrintedScript}-${Weight}`;

const files: Readonly<Record<FontName, string>> = {
  'latin-regular': '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  'latin-bold': '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  'devanagari-regular': '@expo-google-fonts/noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  'devanagari-bold': '@expo-google-fonts/noto-sans-devanagari/600SemiBold/NotoSansDevanagari_600SemiBold.ttf',
};

/** A font as pdfkit has parsed it. To be given to further documents: parsing is ten times the work of one document. */
export type ParsedFont = PDFKit.Mixins.PDFFontSource;

/** Parses all fonts: most of a second, once for each program that prints. */
export function parseFonts(): ReadonlyMap<FontName, ParsedFont> {
  const { resolve } = createRequire(import.meta.url);
  const scratch = new PDFDocument({ autoFirstPage: false });
  return new Map(
    Object.entries(files).map(([name, file]) => {
      scratch.font(readFileSync(resolve(file)));
      // pdfkit takes what it has parsed in place of a font's bytes (`layout` is a function of it); its types do not say so.
      const { font } = (scratch as unknown as { readonly _font: { readonly font: ParsedFont } })._font;
      return [name as FontName, font];
    }),
  );
}
