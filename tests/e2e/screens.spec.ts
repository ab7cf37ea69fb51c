// Every screen in every state, language and theme: axe finds nothing, nothing is wider than the window, and a Hindi screen has no
// word of English. The answers are played; the pages are the built ones under the real content security policy.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { latinWords } from '../fakes/latin-words.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import type { Scenario } from '../fakes/played-counter.ts';
import { playedNow } from '../fakes/played-ledger.ts';
import { typical } from '../fakes/played-scenarios.ts';
import { sights } from './every-screen.ts';
import { type Look, see } from './see.ts';

let bridge: PlayedBridge;
test.beforeAll(async () => {
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Elements whose words are cut off, or that stick out of the window. */
async function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    return wide > 0 ? [`the page is ${wide} px wider than the window`] : [];
  });
}

/** Both languages and all themes; each language in two of them, since a language changes no colour. */
const looks: readonly Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
  { language: 'hi', theme: 'light' },
  { language: 'hi', theme: 'contrast' },
];

/** What the data brings: names, addresses, texts of documents and of banks, ids; as words. */
function wordsOfData(scenario: Scenario): ReadonlySet<string> {
  const { overview, purchases, devices, documents, entries, profile } = scenario;
  const { orgName, deviceName, serverUrl } = overview.session;
  const texts = [
    ...[orgName, deviceName, serverUrl],
    ...purchases.flatMap(({ id, deviceName: name, followsDevice, lastFailure }) => [
      ...[id, name, followsDevice, lastFailure?.description],
    ]),
    ...devices.map(({ name }) => name),
    ...entries.flatMap(({ kind, feature, reference, more = [] }) => [
      ...[kind, feature, reference],
      ...more.flatMap(({ name, value }) => [name, value]),
    ]),
    ...scenario.newerDocuments.map(({ number }) => number),
    ...[profile.legalName, profile.address, profile.gstin, profile.email],
    ...documents.flatMap(({ seller, buyer, number, purchaseId, totalInWords, lines }) => [
      ...[number, purchaseId, totalInWords, seller.gstin, buyer.gstin],
      ...[seller.name, seller.address, buyer.legalName, buyer.address],
      ...lines.map(({ description }) => description),
    ]),
    ...scenario.told.flatMap(({ notice }) => ('purchase' in notice ? [notice.purchase.lastFailure?.description] : [])),
    'K7M2 XQ9P English http://127.0.0.1:4400',
    // As they stand on the keys of every keyboard.
    'Ctrl Alt Enter Esc Home End PgUp PgDn',
  ];
  const all = texts.flatMap((text) => (text == null ? [] : (text.match(/[A-Za-z][\w.@:/'’-]*[\w]/g) ?? [])));
  return new Set(all);
}

/** All that is read on the page or out of it: words, names, titles, proposals; inside of other people's elements too. */
function readings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [document.title];
    // Fields that a browser writes in its own language, whatever the page's is.
    const foreign = ['date', 'time', 'datetime-local', 'month', 'week', 'file', 'color'];
    const read = (element: Element) => {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
      if (element instanceof HTMLInputElement) {
        if (foreign.includes(element.type)) found.push(`native ${element.type}`);
        else if (element.type !== 'checkbox') found.push(element.value);
      }
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
    };
    const walk = (root: ParentNode) => {
      for (const element of root.querySelectorAll('*')) {
        // Rules of look are no words, and of a slot that is filled nobody sees what would stand in it otherwise.
        const filled = element instanceof HTMLSlotElement && element.assignedNodes().length > 0;
        if (element.localName !== 'style' && !filled) read(element);
        if (element.shadowRoot !== null) walk(element.shadowRoot);
      }
    };
    walk(document.body);
    return [...new Set(found.map((text) => text.trim()).filter((text) => text !== ''))];
  });
}

/** Long enough for a machine that does much else: some seventy sights, each read by axe. */
const long = 1_200_000;

for (const look of looks) {
  test(`every screen is accessible and whole: ${look.language}, ${look.theme}`, async ({ page }) => {
    test.setTimeout(long);
    await page.clock.setFixedTime(new Date(playedNow));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(15_000);
    const found: string[] = [];
    let read = 0;
    for (const sight of sights) {
      const scenario = await see(page, bridge, sight, look);
      const faults = [...(await violations(page)), ...(await overflows(page))];
      if (look.language !== 'en') {
        const known = wordsOfData(scenario);
        const texts = await readings(page);
        read += texts.length;
        for (const text of texts)
          for (const word of latinWords(text, known)) faults.push(`English: ${word} in “${text}”`);
      }
      for (const fault of faults) console.log(`${sight.name}: ${fault}`);
      found.push(...faults.map((fault) => `${sight.name}: ${fault}`));
    }
    expect(found).toEqual([]);
    if (look.language !== 'en') expect(read).toBeGreaterThan(1_000);
  });
}

test('at 200 % on the smallest screen everything is there, without scrolling sideways', async ({ page }) => {
  test.setTimeout(long);
  await page.setViewportSize({ width: 683, height: 384 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(15_000);
  const found: string[] = [];
  for (const language of ['en', 'hi'] as const) {
    for (const sight of sights) {
      await see(page, bridge, sight, { language, theme: 'light' });
      for (const fault of await overflows(page)) found.push(`${language}, ${sight.name}: ${fault}`);
    }
  }
  expect(found).toEqual([]);
});

test('what stands above a list stands there while the list is fetched, and does not move when it comes', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const screen of ['purchases', 'invoices', 'ledger', 'usage', 'counters'] as const) {
    const tops: unknown[] = [];
    for (const state of ['silent', 'typical']) {
      const sight = sights.find(({ name }) => name === `${screen}, ${state}`);
      if (sight === undefined) throw new Error(`there is no ${screen}, ${state}`);
      await see(page, bridge, sight, { language: 'en', theme: 'light' });
      // The first is the line of the connection.
      const list = page.getByRole('main').locator('section').nth(1);
      tops.push((await list.boundingBox())?.y ?? `${state}: no list`);
    }
    expect(tops[1], screen).toBe(tops[0]);
  }
});
