// Reads a PDF with another program than the one that wrote it (pdf.js): its texts with their places, its fonts, its pages.
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface PlacedText {
  readonly text: string;
  /** Points from the left and from the bottom; y is the baseline. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
}

export interface ReadPdf {
  readonly pages: number;
  /** Width and height of the first page, in points. */
  readonly size: readonly [number, number];
  readonly texts: readonly PlacedText[];
  /** All texts in the order in which they were drawn, one a line. */
  readonly text: string;
  /** Each font by the name of its file, and whether the file is inside. */
  readonly fonts: readonly { readonly name: string; readonly embedded: boolean }[];
  readonly info: Readonly<Record<string, unknown>>;
}

export async function readPdf(pdf: Uint8Array): Promise<ReadPdf> {
  const reading = getDocument({ data: new Uint8Array(pdf), verbosity: 0, fontExtraProperties: true });
  const document = await reading.promise;
  try {
    const page = await document.getPage(1);
    const content = await page.getTextContent();
    const texts = content.items.flatMap((item): PlacedText[] => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [, , , size = 0, x = 0, y = 0] = item.transform as number[];
      return [{ text: item.str, x, y, width: item.width, size }];
    });
    const [, , width = 0, height = 0] = page.view;
    const { info } = await document.getMetadata();
    const { fnArray, argsArray } = await page.getOperatorList();
    const ids = new Set(fnArray.flatMap((fn, at) => (fn === OPS.setFont ? [String(argsArray[at][0])] : [])));
    const fonts = [...ids].map((id) => {
      const font = page.commonObjs.get(id) as { name: string; missingFile: boolean; data?: Uint8Array };
      return { name: font.name, embedded: !font.missingFile && (font.data?.length ?? 0) > 0 };
    });
    return {
      pages: document.numPages,
      size: [width, height],
      texts,
      text: texts.map(({ text }) => text).join('\n'),
      fonts,
      info: info as Record<string, unknown>,
    };
  } finally {
    await reading.destroy();
  }
}
