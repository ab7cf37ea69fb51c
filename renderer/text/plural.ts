// Which form of a word a number takes, by the language's own rules: two forms in English and Hindi, up to six elsewhere.

/** other is what every language has; a form that is not given falls back to it. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export type Plural = (n: number, forms: Forms) => string;

export function pluralsOf(locale: string): Plural {
  const rules = new Intl.PluralRules(locale);
  return (n, forms) => forms[rules.select(n)] ?? forms.other;
}
