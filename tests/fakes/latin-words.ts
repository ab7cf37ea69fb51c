// Which words in Latin letters stand in a text of another script, beside those that have no other spelling there.

/** Names, units and codes that people in India write in Latin letters in Hindi too. */
const usual = new Set(
  (
    'PharmaPulse One GST GSTIN PAN SAC CGST SGST UTGST IGST GSTR-1 UPI PDF CSV QR AI Excel LibreOffice ' +
    'name@example.com Ctrl Esc Enter Shift Tab Alt'
  ).split(' '),
);

/** known: words that the data itself brings, such as the pharmacy's name. A single letter is a code: Z, I, O. */
export function latinWords(text: string, known: ReadonlySet<string> = new Set()): string[] {
  const words = text.match(/[A-Za-z][\w.@:/'’-]*[\w]/g) ?? [];
  return words.filter((word) => !usual.has(word) && !known.has(word));
}
