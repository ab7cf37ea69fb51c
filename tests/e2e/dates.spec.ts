// A date is typed as it is written in India or chosen from a calendar, in the counter's own language, with the mouse or by keys. The
// browser's own language is American English here: nothing of it may show.
import { expect, type Page, test } from '@playwright/test';
import { en } from '../../renderer/text/en.ts';
import { text as hi } from '../../renderer/text/hi/language.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import type { PlayedCounter } from '../fakes/played-counter.ts';
import { playedNow } from '../fakes/played-ledger.ts';
import { typical } from '../fakes/played-scenarios.ts';

test.use({ locale: 'en-US' });

let bridge: PlayedBridge;
test.beforeAll(async () => {
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());

async function open(page: Page, language: 'en' | 'hi', screen: string): Promise<PlayedCounter> {
  await page.clock.setFixedTime(new Date(playedNow));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const scenario = typical();
  const played = bridge.play({ ...scenario, settings: { ...scenario.settings, language } });
  await page.goto(`${bridge.url}#/${screen}`);
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  return played;
}

const asked = (played: PlayedCounter) => () => played.heard.findLast(({ call }) => call === 'ledger.window')?.input;

test('by keys alone: the calendar opens on today, arrows move, Enter chooses, and the ledger follows', async ({
  page,
}) => {
  const played = await open(page, 'hi', 'ledger');
  const { from } = hi.ledgerList.filter;
  const field = page.getByRole('textbox', { name: from, exact: true });
  await expect(field).toHaveAttribute('placeholder', 'दिन/माह/वर्ष');
  await field.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const calendar = page.getByRole('dialog', { name: from, exact: true });
  await expect(calendar.getByRole('button', { name: '22 नवंबर' })).toBeFocused();
  await expect(calendar.getByRole('button', { name: hi.shell.date.next })).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await expect(calendar.getByRole('button', { name: '15 नवंबर' })).toBeFocused();
  await page.keyboard.press('PageUp');
  await expect(calendar.getByRole('button', { name: '15 अक्टूबर' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(calendar).toBeHidden();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('15/10/2026');
  await expect.poll(asked(played)).toMatchObject({ filter: { from: '2026-10-15', to: null } });
  await page.keyboard.press('Control+a');
  await page.keyboard.type('१/४/२०२६');
  await expect.poll(asked(played)).toMatchObject({ filter: { from: '2026-04-01' } });
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('01/04/2026');
});

test('with the mouse: a day is pressed; the button closes what it opened, and so does a press beside it', async ({
  page,
}) => {
  const played = await open(page, 'en', 'ledger');
  const { to } = en.ledgerList.filter;
  const opener = page.getByRole('button', { name: en.shell.date.calendar(to) });
  const calendar = page.getByRole('dialog', { name: to, exact: true });
  for (const close of [opener, page.getByRole('heading', { level: 1 })]) {
    await opener.click();
    await expect(calendar).toBeVisible();
    await close.click();
    await expect(calendar).toBeHidden();
  }
  await opener.click();
  await calendar.getByRole('button', { name: en.shell.date.previous }).click();
  await calendar.getByRole('button', { name: '31 October' }).click();
  await expect(page.getByRole('textbox', { name: to, exact: true })).toHaveValue('31/10/2026');
  await expect.poll(asked(played)).toMatchObject({ filter: { to: '2026-10-31' } });
  // What is chosen is where it opens the next time.
  await opener.click();
  await expect(calendar.getByRole('button', { name: '31 October' })).toHaveAttribute('aria-pressed', 'true');
});

test('Escape closes the calendar and not the panel under it, and the focus goes back to where it was opened', async ({
  page,
}) => {
  await open(page, 'en', 'invoices');
  await page.getByRole('button', { name: en.invoices.exportAction }).click();
  const panel = page.getByRole('dialog', { name: en.invoices.export.title });
  await panel.getByRole('combobox').selectOption('own');
  const opener = panel.getByRole('button', { name: en.shell.date.calendar(en.invoices.export.from) });
  await opener.click();
  const day = panel.locator('calendar-month').getByRole('button', { name: '1 April', exact: true });
  await expect(day).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel.locator('calendar-month')).toHaveCount(0);
  await expect(panel).toBeVisible();
  await expect(opener).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});
