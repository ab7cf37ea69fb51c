// The counters of a pharmacy on the screen of one of them: renamed where the name stands, removed after a question, and listed as
// they were last while the network is away. Two real counters, a real server, a wire that is cut.
import { expect, type Page } from '@playwright/test';
import { signUp, test, type World } from './world.ts';

const row = (page: Page, name: string) => page.getByRole('listitem', { name });

/** A second counter, joined with a code that the first one shows. */
async function joinSecond(world: World, page: Page): Promise<Page> {
  await page.getByRole('button', { name: 'Add a counter' }).click();
  const code = await page.getByLabel('Join code').textContent();
  await page.getByRole('button', { name: 'Done' }).click();
  const { page: other } = await world.counter('back');
  await other.getByRole('tab', { name: 'Join with code' }).click();
  await other.getByRole('textbox', { name: 'Join code' }).fill(code ?? '');
  await other.getByRole('textbox', { name: "This counter's name" }).fill('Back office');
  await other.getByRole('button', { name: 'Join pharmacy' }).click();
  await other.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return other;
}

test('a counter is renamed and removed from another one, by keys too, and not without the network', async ({
  world,
  problems,
}) => {
  const { page } = await world.counter('front');
  await signUp(page);
  await page.getByRole('link', { name: 'Counters' }).click();
  await expect(page.getByText('The only counter in use cannot be removed')).toBeVisible();
  const other = await joinSecond(world, page);
  await page.getByRole('button', { name: 'Refresh' }).click();

  await test.step('the name is changed where it stands; Escape leaves it, and the focus comes back', async () => {
    const rename = page.getByRole('button', { name: 'Rename Back office' });
    await rename.focus();
    await page.keyboard.press('Enter');
    const field = page.getByLabel('New name for Back office');
    await expect(field).toBeFocused();
    await page.keyboard.type('Never');
    await page.keyboard.press('Escape');
    await expect(rename).toBeFocused();
    await expect(row(page, 'Never')).toHaveCount(0);
    await page.keyboard.press('Enter');
    await page.keyboard.type('front  COUNTER');
    await page.keyboard.press('Enter');
    await expect(field).toHaveAccessibleDescription(/Another counter has this name already/);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('रात का काउंटर 💊');
    await page.keyboard.press('Enter');
    await expect(page.getByText('Renamed to रात का काउंटर 💊.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Rename रात का काउंटर 💊' })).toBeFocused();
    await other.getByRole('link', { name: 'Counters' }).click();
    await expect(row(other, 'रात का काउंटर 💊').getByText('This counter')).toBeVisible();
    await expect(other.getByText('This counter: रात का काउंटर 💊')).toBeVisible();
  });

  await test.step('without the network the list is of then, and nothing can be done with it', async () => {
    await world.wire.cut();
    await expect(page.getByText(/^Listed on .* need the connection\.$/)).toBeVisible({ timeout: 30_000 });
    await expect(row(page, 'Front counter')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Remove रात का काउंटर 💊' })).toBeDisabled();
    await expect(page.getByRole('button', { name: 'Add a counter' })).toBeDisabled();
    await world.wire.join();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(page.getByText(/^Listed on /)).toHaveCount(0);
  });

  await test.step('it is removed after a question, and knows it', async () => {
    await page.getByRole('button', { name: 'Remove रात का काउंटर 💊' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click();
    await expect(row(page, 'रात का काउंटर 💊').getByText('Active')).toBeVisible();
    await page.getByRole('button', { name: 'Remove रात का काउंटर 💊' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes, remove it' }).click();
    await expect(row(page, 'रात का काउंटर 💊').getByText('Removed', { exact: true })).toBeVisible();
    await expect(other.getByRole('heading', { name: 'This counter was removed from the pharmacy' })).toBeVisible({
      timeout: 30_000,
    });
    await expect(row(other, 'Front counter')).toBeVisible();
  });
  const known = /ERR_CONNECTION|WebSocket/;
  expect(problems.filter((problem) => !known.test(problem))).toEqual([]);
});

test('a counter that removes itself is asked otherwise, stops at once and can join again', async ({ world }) => {
  const { page } = await world.counter('front');
  await signUp(page);
  await page.getByRole('link', { name: 'Counters' }).click();
  const other = await joinSecond(world, page);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByRole('button', { name: 'Remove Front counter' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('Remove the counter you are working on?');
  await page.getByRole('button', { name: 'Yes, remove this one' }).click();
  await expect(row(page, 'Front counter').getByText('Removed', { exact: true })).toBeVisible();
  await other.getByRole('link', { name: 'Counters' }).click();
  await expect(row(other, 'Front counter').getByText('Removed', { exact: true })).toBeVisible();
  await expect(other.getByText('The only counter in use cannot be removed')).toBeVisible();
});
