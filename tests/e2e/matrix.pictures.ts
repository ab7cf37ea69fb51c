// Takes a picture of every screen in every state, light and dark, for whoever looks at the design: `npm run pictures`. Not a test.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { startPlayedBridge } from '../fakes/played-bridge.ts';
import { playedNow } from '../fakes/played-ledger.ts';
import { typical } from '../fakes/played-scenarios.ts';
import { type Sight, sights } from './every-screen.ts';
import { root } from './program.ts';
import { type Look, see } from './see.ts';

const folder = join(root, 'docs', 'screens', 'all');
const fileOf = (sight: Sight, look: string) => join(folder, `${sight.name.replace(/[^a-z0-9]+/g, '-')}.${look}.jpg`);

test('every screen', async ({ page }) => {
  test.setTimeout(1_200_000);
  mkdirSync(folder, { recursive: true });
  const bridge = await startPlayedBridge(typical());
  await page.clock.setFixedTime(new Date(playedNow));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(15_000);
  const shoot = async (sight: Sight, look: Look, name: string) => {
    await see(page, bridge, sight, look);
    await page.screenshot({ path: fileOf(sight, name), type: 'jpeg', quality: 78 });
  };
  for (const sight of sights) {
    for (const theme of ['light', 'dark'] as const) await shoot(sight, { language: 'en', theme }, theme);
  }
  for (const sight of sights.filter(({ name }) => name.endsWith(', typical'))) {
    await shoot(sight, { language: 'hi', theme: 'light' }, 'hindi');
    await shoot(sight, { language: 'en', theme: 'contrast' }, 'contrast');
  }
  await page.setViewportSize({ width: 683, height: 384 });
  for (const sight of sights.filter(({ name }) => name.startsWith('overview, '))) {
    await shoot(sight, { language: 'en', theme: 'light' }, '200-percent');
  }
  await bridge.stop();
});
