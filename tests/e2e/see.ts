// Opens one sight of the counter in a language and a theme, with the built pages and played answers.
import { expect, type Page } from '@playwright/test';
import { en, type Messages } from '../../renderer/text/en.ts';
import { text as hi } from '../../renderer/text/hi/language.ts';
import type { ThemeChoice } from '../../shared/contract/settings.ts';
import type { PlayedBridge } from '../fakes/played-bridge.ts';
import type { Scenario } from '../fakes/played-counter.ts';
import type { Sight } from './sight.ts';

export interface Look {
  readonly language: 'en' | 'hi';
  readonly theme: ThemeChoice;
}

const tables: Readonly<Record<Look['language'], Messages>> = { en, hi };

/** Opens one sight; resolves when it is all there. */
export async function see(page: Page, bridge: PlayedBridge, sight: Sight, look: Look): Promise<Scenario> {
  const scenario = sight.scenario();
  scenario.settings = { ...scenario.settings, ...look };
  bridge.setAway(false);
  bridge.play(scenario);
  await page.goto('about:blank');
  await page.goto(`${bridge.url}#/${sight.screen}`);
  await expect(page.locator('html')).toHaveAttribute('lang', look.language);
  const { starting } = tables[look.language].shell;
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: starting }).first().waitFor();
  await expect(page.locator('[data-fetching]')).toHaveCount(0);
  // Only where the counter is silent does a screen stay with its bones.
  if (scenario.silent.length === 0) {
    await expect(page.locator('output').getByText(tables[look.language].shell.loading)).toHaveCount(0);
  }
  if (sight.away === true) {
    bridge.setAway(true);
    await page.getByText(tables[look.language].shell.away.title).waitFor();
  }
  await sight.open?.(page, tables[look.language]);
  if (sight.open !== undefined && sight.inPlace !== true)
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
