// CSV as spreadsheets read it: RFC 4180, begun with a byte order mark, by which Excel knows that it is UTF-8 (names may be
// Hindi).

/** The first character of a file. */
export const csvMark = '\uFEFF';

/** One line with its end; cells are quoted where they must be. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n;]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\r\n`;
}

/**
 * What a stranger wrote, so that no spreadsheet takes it for a formula: where the first sign that is no blank would begin
 * one, an apostrophe goes before it. Numbers of ours keep their minus.
 */
export function asText(text: string): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r]/u.test(text) ? `'${text}` : text;
}
