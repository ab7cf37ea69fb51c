// Owns the making of HTML: a template tag that escapes every value, and the texts that both pages show (amounts, times).

import { rupeesText } from '../../shared/ledger/money.ts';

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | null | false | readonly Html[];

/** `html\`<b>${x}</b>\``: x is escaped unless it is Html itself; null and false leave nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const text = parts.reduce((done, part, place) => {
    const value = place < values.length ? values[place] : null;
    return done + part + shown(value ?? null);
  }, '');
  return new Html(text);
}

function shown(value: Value): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** Rupees as a person in India reads them: ₹15,00,000.00. */
export function money(paise: number, currency: string): string {
  const format = new Intl.NumberFormat('en-IN', { style: 'currency', currency });
  return format.format(rupeesText(paise) as Intl.StringNumericLiteral);
}

const clockTime = new Intl.DateTimeFormat('en-IN', {
  timeZone: 'Asia/Kolkata',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export function time(ms: number): string {
  return clockTime.format(new Date(ms));
}

/** The frame of each page of the sandbox, with the one thing that every page must say. */
export function page(told: {
  base: string;
  title: string;
  name: string;
  styles: readonly string[];
  script: string | null;
  body: Html;
}): string {
  const { base, title, name, styles, script, body } = told;
  return html`<!doctype html>
<html lang="en-IN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="${base}/assets/icon.svg">
${['sandbox.css', ...styles].map((style) => html`<link rel="stylesheet" href="${base}/assets/${style}">`)}
${script !== null && html`<script type="module" src="${base}/assets/${script}"></script>`}
</head>
<body class="${name}">
<aside class="banner" aria-label="Notice"><strong>Test money</strong> <span>No bank is asked and nothing is charged.</span></aside>
${body}
</body>
</html>`.text;
}
