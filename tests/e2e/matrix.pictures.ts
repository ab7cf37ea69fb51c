// Takes a picture of every screen in every state, light and dark, for whoever looks at the design: `npm run pictures`. Not a test.
// Those that say what the others do not are kept in docs/screens/all; the rest goes to out/screens. PICTURES_OF, a regular
// expression, takes those whose names fit it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import { playedNow } from '../fakes/played-ledger.ts';
import { typical } from '../fakes/played-scenarios.ts';
import { sights } from './every-screen.ts';
import { root } from './program.ts';
import { type Look, see } from './see.ts';
import type { Sight } from './sight.ts';

const keptFolder = join(root, 'docs', 'screens', 'all');
const restFolder = join(root, 'out', 'screens');

/** Which are kept, by their look; of a look that is not named here, all. */
const kept: Readonly<Record<string, RegExp>> = {
  dark: /, (typical|empty|offline|failing|long|silent)$/,
  hindi:
    /, typical$|^(server busy|every purchase|removing a counter|renaming a counter|ledger entry of a newer server)$/,
  contrast: /^overview, /,
  'forced-colours': /^(overview, typical|document panel|command palette)$/,
};

function fileOf({ name }: Sight, look: string): string {
  const folder = kept[look]?.test(name) === false ? restFolder : keptFolder;
  return join(folder, `${name.replace(/[^a-z0-9]+/g, '-')}.${look}.jpg`);
}

const wished = new RegExp(process.env.PICTURES_OF ?? '');
const taken = (fits: RegExp) => sights.filter(({ name }) => fits.test(name) && wished.test(name));
const hour = 3_600_000;

let bridge: PlayedBridge;
test.beforeAll(async () => {
  for (const folder of [keptFolder, restFolder]) mkdirSync(folder, { recursive: true });
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());
test.beforeEach(async ({ page }) => {
  test.setTimeout(hour);
  await page.clock.setFixedTime(new Date(playedNow));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(15_000);
});

/** Text can still be read well at this quality, and all that are kept are about seven megabytes. */
const quality = 42;

/** One that cannot be reached leaves the others their pictures. */
async function shoot(page: Page, fits: RegExp, look: Look, name: string): Promise<void> {
  const missed: string[] = [];
  for (const sight of taken(fits)) {
    try {
      await see(page, bridge, sight, look);
      await page.screenshot({ path: fileOf(sight, name), type: 'jpeg', quality });
    } catch (error) {
      missed.push(`${sight.name}: ${String(error).split('\n')[0]}`);
    }
  }
  expect(missed).toEqual([]);
}

for (const theme of ['light', 'dark'] as const) {
  test(`every screen, ${theme}`, ({ page }) => shoot(page, /^/, { language: 'en', theme }, theme));
}

/** All that is said in a way of its own: not the same screens with long names, or with nothing in them. */
const hindi = /^(?!.*, (failing|long|silent)$)/;
test('in Hindi', ({ page }) => shoot(page, hindi, { language: 'hi', theme: 'light' }, 'hindi'));

test('with much contrast', ({ page }) => shoot(page, /, typical$/, { language: 'en', theme: 'contrast' }, 'contrast'));

const told = /^(overview|ledger|usage), typical$|^(document panel|removing a counter|command palette|top-up panel)$/;
test('under forced colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await shoot(page, told, { language: 'en', theme: 'light' }, 'forced-colours');
});

test('at 200 %', async ({ page }) => {
  await page.setViewportSize({ width: 683, height: 384 });
  await shoot(page, /^overview, /, { language: 'en', theme: 'light' }, '200-percent');
  await shoot(page, /^overview, typical$/, { language: 'hi', theme: 'light' }, '200-percent-hindi');
});
