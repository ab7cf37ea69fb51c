// Under the system's own few colours, as of Windows' contrast themes, all grounds are taken away: what was told by one must be told
// by something else. Looked at where it matters, on played answers.
import { expect, type Locator, test } from '@playwright/test';
import { en } from '../../renderer/text/en.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import { notActivated, typical } from '../fakes/played-scenarios.ts';

let bridge: PlayedBridge;
test.beforeAll(async () => {
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());
test.beforeEach(({ page }) => page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' }));

const style = (of: Locator, name: string, part?: '::before') =>
  of.evaluate((element, [wanted, pseudo]) => getComputedStyle(element, pseudo).getPropertyValue(wanted ?? ''), [
    name,
    part,
  ] as const);
const ground = (of: Locator) => style(of, 'background-color');

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what was told by a ground is told by a line: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    bridge.play(typical());
    await page.goto(`${bridge.url}#/usage`);
    const legend = page.locator('figcaption li').first();
    await legend.waitFor();
    const paper = await ground(page.locator('html'));

    const links = page.getByRole('navigation').getByRole('link');
    expect(await style(links.and(page.locator('[aria-current="page"]')), 'outline-style')).toBe('solid');
    expect(await style(links.first(), 'outline-style')).toBe('none');
    expect(await ground(legend.locator('span').first()), 'a mark of the legend').not.toBe(paper);
    const chip = page.getByText(en.sync.online, { exact: true });
    expect(await style(chip, 'background-color', '::before'), 'the dot of a chip').not.toBe(paper);
    expect(await style(page.getByRole('combobox').first(), 'appearance'), 'the arrow of a drop-down').toBe('auto');

    await page.keyboard.press('Control+k');
    const options = page.getByRole('option');
    await options.first().waitFor();
    expect(await style(options.nth(0), 'outline-style'), 'the chosen command').toBe('solid');
    expect(await style(options.nth(1), 'outline-style')).toBe('none');
    expect(await style(page.getByRole('combobox').last(), 'outline-style'), 'where it is typed').toBe('solid');
  });
}

test('a field with a fault and the chosen tab stand out', async ({ page }) => {
  bridge.play(notActivated());
  await page.goto(`${bridge.url}#/overview`);
  await page.getByRole('button', { name: en.activation.create }).click();
  const width = (name: string) => style(page.locator(`form [name="${name}"]:visible`), 'border-top-width');
  expect([await width('address'), await width('phone')]).toEqual(['2px', '1px']);
  const edge = (name: string) => style(page.getByRole('tab', { name }), 'border-top-color');
  expect(await edge(en.activation.tabs.signUp)).not.toBe(await edge(en.activation.tabs.join));
});
