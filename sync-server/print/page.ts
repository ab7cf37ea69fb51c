// The measures and colours of a printed tax document, and the small parts that it is made of. A4, portrait, in points.
import type { Pen, Style } from './pen.ts';

export const page = { width: 595.28, height: 841.89, left: 40, right: 555.28, top: 40, bottom: 805 } as const;
export const inner = page.right - page.left;

export const colours = {
  ink: '#19211d',
  soft: '#56615b',
  accent: '#0b6b5d',
  accentSoft: '#e2f1ed',
  line: '#d5d8d2',
  sunken: '#f5f6f3',
} as const;

export const label: Style = { size: 7.5, colour: colours.soft };
export const body: Style = { size: 9, colour: colours.ink };
export const strong: Style = { size: 9, weight: 'bold', colour: colours.ink };

/** Lines of one text below each other from a baseline on; gives the baseline of the line after the last. */
export function paragraph(pen: Pen, text: string, at: { x: number; y: number; width: number }, style: Style): number {
  let y = at.y;
  for (const line of pen.lines(text, at.width, style)) {
    pen.line(line, at.x, y, style);
    y += lineHeight(style);
  }
  return y;
}

export const lineHeight = (style: Style): number => style.size * 1.4;

export const rule = (pen: Pen, y: number): void => pen.rule(y, page.left, page.right, colours.line);
