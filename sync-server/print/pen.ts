// Writes text on a page: in the font of each script, broken into lines where blanks are, and where a word is wider than its
// place, between two letters as they are read. Knows nothing of invoices. Measures are points, y is a baseline.
import { isPrintable, scriptRuns } from '../../shared/gst/printable.ts';
import type { FontName, ParsedFont, Weight } from './fonts.ts';

export interface Style {
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
  readonly align?: 'left' | 'right' | 'centre';
}

export interface Pen {
  /** A filled rectangle with round corners. */
  box(at: { x: number; y: number; width: number; height: number }, colour: string): void;
  /** A thin horizontal line. */
  rule(y: number, from: number, to: number, colour: string): void;
  width(text: string, style: Style): number;
  /** One line at a baseline; right-aligned it ends at x, centred it has x in its middle. */
  line(text: string, x: number, y: number, style: Style): void;
  /** The text in lines that are no wider than `width`. */
  lines(text: string, width: number, style: Style): string[];
  /** The style, smaller where needed, in which the text is no wider than `width`; down to `least` points. */
  fitting(text: string, width: number, style: Style, least?: number): Style;
}

const letters = new Intl.Segmenter('hi', { granularity: 'grapheme' });

export function makePen(doc: PDFKit.PDFDocument, fonts: ReadonlyMap<FontName, ParsedFont>): Pen {
  for (const [name, font] of fonts) doc.registerFont(name, font);
  const use = (script: string, { size, weight = 'regular' }: Style) => doc.font(`${script}-${weight}`).fontSize(size);
  const width = (text: string, style: Style): number =>
    scriptRuns(text).reduce((sum, run) => sum + use(run.script, style).widthOfString(run.text), 0);

  const line = (text: string, x: number, y: number, style: Style): void => {
    const { align = 'left', colour = '#000000' } = style;
    const whole = align === 'left' ? 0 : width(text, style);
    let at = align === 'right' ? x - whole : align === 'centre' ? x - whole / 2 : x;
    doc.fillColor(colour);
    for (const run of scriptRuns(text)) {
      use(run.script, style);
      const draw = () => doc.text(run.text, at, y, { lineBreak: false, baseline: 'alphabetic' });
      if (run.script === 'devanagari') withActualText(doc, run.text, draw);
      else draw();
      at += doc.widthOfString(run.text);
    }
  };

  const lines = (text: string, most: number, style: Style): string[] => {
    const done: string[] = [];
    let open = '';
    for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
      const joined = open === '' ? word : `${open} ${word}`;
      if (width(joined, style) <= most) {
        open = joined;
        continue;
      }
      if (open !== '') done.push(open);
      const pieces = width(word, style) <= most ? [word] : broken(word, most, (part) => width(part, style));
      done.push(...pieces.slice(0, -1));
      open = pieces.at(-1) ?? '';
    }
    return open === '' ? done : [...done, open];
  };

  const fitting = (text: string, most: number, style: Style, least = 4): Style => {
    const wide = width(text, style);
    return wide <= most ? style : { ...style, size: Math.max(least, (style.size * most) / wide) };
  };

  const box: Pen['box'] = (at, colour) => {
    doc.roundedRect(at.x, at.y, at.width, at.height, 4).fill(colour);
  };
  const rule: Pen['rule'] = (y, from, to, colour) => {
    doc.moveTo(from, y).lineTo(to, y).lineWidth(0.6).strokeColor(colour).stroke();
  };
  return { box, rule, width, line, lines, fitting };
}

/** Measures as the pen does and leaves nothing on the page. */
export function withoutInk(pen: Pen): Pen {
  const nothing = (): undefined => undefined;
  return { ...pen, box: nothing, rule: nothing, line: nothing };
}

/**
 * Draws text with the text itself beside it, for copying, searching and reading aloud: Devanagari is drawn in another order
 * than it is read. The mark goes around each text object from within: readers take place and font from where it ends, and
 * behind the object pdfkit has put both back.
 */
function withActualText(doc: PDFKit.PDFDocument, text: string, draw: () => void): void {
  const { addContent } = doc;
  const hex = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16().toString('hex');
  doc.addContent = function marked(this: PDFKit.PDFDocument, data: string) {
    if (data === 'BT') addContent.call(this, `/Span <</ActualText <${hex}>>> BDC`);
    addContent.call(this, data);
    if (data === 'ET') addContent.call(this, 'EMC');
    return this;
  };
  try {
    draw();
  } finally {
    doc.addContent = addContent;
  }
}

/** A word in pieces that fit, each as long as it can be and at least one letter with all that belongs to it. */
function broken(word: string, most: number, width: (text: string) => number): string[] {
  const pieces: string[] = [];
  let open = '';
  for (const { segment } of letters.segment(word)) {
    if (open !== '' && width(open + segment) > most) {
      pieces.push(open);
      open = '';
    }
    open += segment;
  }
  return [...pieces, open];
}

/** The text with what no font has shown as such, in place of boxes that would look like a fault of the printer. */
export function printable(text: string): string {
  return isPrintable(text) ? text : [...text].map((sign) => (isPrintable(sign) ? sign : '?')).join('');
}
