// What a person reads on the pay page, in every state and language.
import { describe, expect, test } from 'vitest';
import { purchaseState } from '../../../shared/contract/billing.ts';
import { sku } from '../../../shared/plan/catalogue.ts';
import { type PayPage, renderPayPage, renderWrongLink } from '../../../sync-server/http/pay-page.ts';
import { payWordsFor, wantsPage } from '../../../sync-server/http/pay-words.ts';

const plain: PayPage = {
  sellerName: 'Ganesh & Sons <Pune>',
  sku: 'topup.50k',
  quantity: 2,
  amountPaise: 500_000,
  state: 'awaiting_payment',
  renewedUntil: null,
  failure: null,
  checkout: { kind: 'redirect', url: 'https://pay.example/x?a=1&b=2' },
  testMoney: true,
  autopay: null,
};
const due = { kind: 'redirect', url: 'https://pay.example/x' } as const;
const firstChargeAt = new Date('2027-03-11T20:00:00.000Z');

/** Every page that there is, but for the bank's own words. */
const pages: readonly PayPage[] = purchaseState.options.flatMap((state) =>
  sku.options.flatMap((sold) =>
    [null, '2028-03-12'].flatMap((renewedUntil) =>
      [
        null,
        ...[true, false].flatMap((agreed) => [null, firstChargeAt].map((first) => ({ agreed, firstChargeAt: first }))),
      ].map((autopay) => ({
        ...plain,
        state,
        sku: sold,
        renewedUntil,
        autopay,
        checkout: state === 'awaiting_payment' ? due : null,
      })),
    ),
  ),
);

/** What is read, without the seller's name. */
const readOn = (html: string) =>
  html
    .replace(/^[\s\S]*?<title>/, '<title>')
    .replaceAll(/<script[^>]*>/g, '')
    .replaceAll(/data-(unreachable|offline)="([^"]*)"/g, '>$2<')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('Ganesh &#38; Sons &#60;Pune&#62;', '');

test('no English is left over in a Hindi page, and no Hindi in an English one', () => {
  const hindi = payWordsFor('hi', {});
  const english = payWordsFor('en', {});
  const names = /PharmaPulse One|AI/g;
  expect(pages.length).toBeGreaterThan(150);
  for (const page of pages) {
    expect(readOn(renderPayPage(hindi, page)).replaceAll(names, '')).not.toMatch(/[A-Za-z]/);
    expect(readOn(renderPayPage(english, page))).not.toMatch(/\p{Script=Devanagari}/u);
  }
  expect(readOn(renderWrongLink(hindi, plain.sellerName))).not.toMatch(/[A-Za-z]/);
});

test('both languages say the same amount, and of the same days', () => {
  const autopay = { agreed: false, firstChargeAt };
  for (const language of ['en', 'hi'] as const) {
    const html = readOn(renderPayPage(payWordsFor(language, {}), { ...plain, renewedUntil: '2028-03-12', autopay }));
    expect(html.match(/₹5,000\.00/g)).toHaveLength(2);
    expect(html).toMatch(/12 \S+ 2028/);
    // Half past one in the morning of the twelfth, in India.
    expect(html).toMatch(/12 \S+ 2027/);
  }
});

test('what a bank or a seller wrote cannot become a part of the page', () => {
  const evil = '<img src=x onerror=alert(1)>"\'&';
  for (const language of ['en', 'hi'] as const) {
    const html = renderPayPage(payWordsFor(language, {}), { ...plain, sellerName: evil, failure: evil });
    expect(html).not.toContain('<img');
    expect(html.match(/&#60;img src=x onerror=alert\(1\)&#62;&#34;&#39;&#38;/g)).toHaveLength(3);
    expect(renderWrongLink(payWordsFor(language, {}), evil)).not.toContain('<img');
  }
});

describe('the language', () => {
  test.each([
    [undefined, undefined, 'en-IN'],
    [undefined, '*', 'en-IN'],
    [undefined, 'ta-IN,ta;q=0.9', 'en-IN'],
    [undefined, 'hi-IN,hi;q=0.9,en-IN;q=0.8', 'hi-IN'],
    [undefined, 'en-IN,en;q=0.9,hi;q=0.8', 'en-IN'],
    [undefined, 'ta,hi;q=0.5,en;q=0.4', 'hi-IN'],
    [undefined, 'hi;q=0,en;q=0.1', 'en-IN'],
    [undefined, ';;q=,,\u0000', 'en-IN'],
    ['en', 'hi', 'en-IN'],
    ['hi', 'en', 'hi-IN'],
  ] as const)('of a link that names %s, for a browser that asks for %s, is %s', (asked, accepted, locale) => {
    expect(payWordsFor(asked, { 'accept-language': accepted }).locale).toBe(locale);
  });
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/plain, */*', false],
  ['text/html', true],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['application/json;q=0.1, text/html;q=0.9', true],
  ['not a type', false],
])('whoever accepts %s is a person with a browser: %s', (accept, person) => {
  expect(wantsPage({ accept })).toBe(person);
});
