// Every screen in every state, language and theme: axe finds nothing, nothing is wider than the window, and a Hindi screen has no
// word of English. The answers are played; the pages are the built ones under the real content security policy.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { en, type Messages } from '../../renderer/text/en.ts';
import { text as hi } from '../../renderer/text/hi/language.ts';
import type { ThemeChoice } from '../../shared/contract/settings.ts';
import { latinWords } from '../fakes/latin-words.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import type { Scenario } from '../fakes/played-counter.ts';
import { playedNow } from '../fakes/played-ledger.ts';
import { typical } from '../fakes/played-scenarios.ts';
import { type Sight, sights } from './every-screen.ts';

let bridge: PlayedBridge;
test.beforeAll(async () => {
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());

interface Look {
  readonly language: 'en' | 'hi';
  readonly theme: ThemeChoice;
}

const tables: Readonly<Record<Look['language'], Messages>> = { en, hi };

/** Opens one sight; resolves when it is all there. */
async function see(page: Page, sight: Sight, look: Look): Promise<Scenario> {
  const scenario = sight.scenario();
  scenario.settings = { ...scenario.settings, ...look };
  bridge.play(scenario);
  await page.goto('about:blank');
  await page.goto(`${bridge.url}#/${sight.screen}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expect(page.locator('html')).toHaveAttribute('lang', look.language);
  await sight.open?.(page, tables[look.language]);
  if (sight.open !== undefined)
    await page
      .locator('[role="dialog"], [role="alertdialog"], [role="tabpanel"]')
      .filter({ visible: true })
      .first()
      .waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  return scenario;
}

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

const looks: readonly Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark' },
  { language: 'en', theme: 'contrast' },
  { language: 'hi', theme: 'light' },
  { language: 'hi', theme: 'dark' },
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
    ...entries.flatMap(({ kind, feature, reference }) => [kind, feature, reference]),
    ...[profile.legalName, profile.address, profile.gstin, profile.email],
    ...documents.flatMap(({ seller, buyer, number, purchaseId, totalInWords, lines }) => [
      ...[number, purchaseId, totalInWords, seller.gstin, buyer.gstin],
      ...[seller.name, seller.address, buyer.legalName, buyer.address],
      ...lines.map(({ description }) => description),
    ]),
    'K7M2 XQ9P English http://127.0.0.1:4400',
  ];
  const all = texts.flatMap((text) => (text == null ? [] : (text.match(/[A-Za-z][\w.@:/'’-]*[\w]/g) ?? [])));
  return new Set(all);
}

/** All that is read on the page or out of it: words, names, titles, proposals. */
function readings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [document.title];
    for (const element of document.querySelectorAll('body *')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '');
      if (element instanceof HTMLInputElement && element.type !== 'checkbox') found.push(element.value);
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
    }
    return [...new Set(found.map((text) => text.trim()).filter((text) => text !== ''))];
  });
}

/** Long enough for a machine that does much else: 57 sights, each read by axe. */
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
      const scenario = await see(page, sight, look);
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
      await see(page, sight, { language, theme: 'light' });
      for (const fault of await overflows(page)) found.push(`${language}, ${sight.name}: ${fault}`);
    }
  }
  expect(found).toEqual([]);
});
