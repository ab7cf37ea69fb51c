// What people type wrongly, typed into every field of the screens: each says beside itself what is wrong, or takes it harmlessly;
// and nothing is asked of the counter that its contract would refuse. The answers are played, the pages are the built ones.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { en } from '../../renderer/text/en.ts';
import { type CallName, calls } from '../../shared/contract/ipc.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import type { PlayedCounter, Scenario } from '../fakes/played-counter.ts';
import { notActivated, typical } from '../fakes/played-scenarios.ts';

const wrong: Readonly<Record<string, string>> = {
  '10,000 characters': 'x'.repeat(10_000),
  'right to left': 'صيدلية النور',
  'a mark that turns the direction': '\u202Eabc',
  'what no font shows': '\u200B\u2060',
  emoji: '💊💊💊',
  zero: '0',
  negative: '-5',
  spaces: '     ',
  nothing: '',
  'a GSTIN with dashes': '27-AAPFU-0939F1-ZV',
  markup: '<img src=x onerror=alert(1)>',
};

let bridge: PlayedBridge;
let page: Page;
test.beforeAll(async ({ browser }) => {
  bridge = await startPlayedBridge(typical());
  page = await browser.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
});
test.afterAll(async () => {
  await page.close();
  await bridge.stop();
});

/** A page on a scenario of its own, in English. */
async function open(scenario: Scenario, screen: string): Promise<PlayedCounter> {
  const played = bridge.play({ ...scenario, settings: { ...scenario.settings, language: 'en' } });
  await page.goto('about:blank');
  await page.goto(`${bridge.url}#/${screen}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return played;
}

interface Trial {
  readonly played: PlayedCounter;
  readonly field: Locator;
  /** Sends the form. */
  readonly send: () => Promise<void>;
  /** What is asked when the form is taken. */
  readonly call: CallName;
}

/** Types it and sends the form; resolves to what came of it. */
async function tried({ played, field, send, call }: Trial, typed: string): Promise<'told' | 'taken'> {
  const before = played.heard.length;
  const asked = () => played.heard.slice(before).filter((heard) => heard.call === call);
  await field.fill(typed);
  await send();
  let came = 'nothing' as 'told' | 'taken' | 'nothing';
  await expect
    .poll(async () => {
      if (asked().length > 0) came = 'taken';
      else if ((await field.getAttribute('aria-invalid')) === 'true') came = 'told';
      return came;
    })
    .not.toBe('nothing');
  for (const heard of played.heard.slice(before)) {
    expect(calls[heard.call].input.safeParse(heard.input).success, `${heard.call} fits the contract`).toBe(true);
  }
  if (came === 'told') {
    expect(asked()).toEqual([]);
    await expect(field).toHaveAccessibleDescription(/[^.]{8,}\./);
  }
  await expect(page.locator('[data-code="bad_call"]')).toHaveCount(0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'the page is not wider than the window').toBeLessThanOrEqual(0);
  return came as 'told' | 'taken';
}

/** Typed as dates, and no days of the calendar. */
const noDays = ['29/02/2026', '11/22/2026', '22/11', '2026/11/22', '31129999999'];

const dateField = (name: string) => page.getByRole('textbox', { name, exact: true });

const byName = (name: string) => page.locator(`form [name="${name}"]:visible`);

test('every field of sign-up', async () => {
  const played = await open(notActivated(), 'overview');
  const right = { legalName: 'Asha Medicals', address: '12 MG Road', pin: '411001', deviceName: 'Front counter' };
  const optional = { gstin: '', phone: '', email: '', branchName: 'Main branch' };
  for (const [name, value] of Object.entries({ ...right, ...optional })) await byName(name).fill(value);
  await byName('stateCode').selectOption('27');
  const send = () => page.getByRole('button', { name: en.activation.create }).click();
  for (const [name, value] of Object.entries({ ...right, ...optional })) {
    for (const typed of Object.values(wrong)) {
      await tried({ played, field: byName(name), send, call: 'session.signUp' }, typed);
    }
    await byName(name).fill(value);
  }
  const trial = (name: string) => ({ played, field: byName(name), send, call: 'session.signUp' as const });
  expect(await tried(trial('gstin'), '27-AAPFU-0939F1-ZV')).toBe('taken');
  const asked = played.heard.findLast(({ call }) => call === 'session.signUp');
  expect(asked?.input).toMatchObject({ gstin: '27AAPFU0939F1ZV' });
  await byName('gstin').fill('');
  expect(await tried(trial('legalName'), 'x'.repeat(10_000))).toBe('told');
  await byName('legalName').fill(right.legalName);
  expect(await tried(trial('deviceName'), '\u200B\u2060')).toBe('told');
});

test('both fields of joining', async () => {
  const played = await open(notActivated(), 'overview');
  await page.getByRole('tab', { name: en.activation.tabs.join }).click();
  const panel = page.getByRole('tabpanel', { name: en.activation.tabs.join });
  const code = panel.getByRole('textbox', { name: en.activation.fields.code });
  const name = panel.getByRole('textbox', { name: en.activation.fields.deviceName });
  const send = () => panel.getByRole('button', { name: en.activation.join }).click();
  const trial = { played, send, call: 'session.join' as const };
  await name.fill('Back office');
  for (const [what, typed] of Object.entries(wrong)) {
    // Of what is longer than a code the first eight letters are taken, as when more was copied than the code.
    const taken = what === '10,000 characters';
    expect(await tried({ ...trial, field: code }, typed), what).toBe(taken ? 'taken' : 'told');
  }
  await code.fill('K7M2XQ9P');
  for (const typed of Object.values(wrong)) await tried({ ...trial, field: name }, typed);
});

test('every field of the details for invoices', async () => {
  const played = await open(typical(), 'settings');
  await page.getByRole('button', { name: en.settings.pharmacy.change }).click();
  const send = () => page.getByRole('button', { name: en.profile.save }).click();
  for (const name of ['legalName', 'address', 'pin', 'gstin', 'phone', 'email']) {
    const value = await byName(name).inputValue();
    for (const typed of Object.values(wrong)) {
      await tried({ played, field: byName(name), send, call: 'profile.save' }, typed);
    }
    await byName(name).fill(value);
  }
});

test('the limit below which credits count as low', async () => {
  const played = await open(typical(), 'settings');
  const { limit } = en.overview.credits;
  const field = page.getByRole('textbox', { name: limit.label });
  for (const typed of Object.values(wrong)) {
    await page.getByRole('button', { name: `${limit.change}: ${limit.title}` }).click();
    const came = await tried(
      { played, field, send: () => page.keyboard.press('Enter'), call: 'settings.lowCredits' },
      typed,
    );
    expect(came, typed).toBe(typed === '0' ? 'taken' : 'told');
    if (came === 'told') await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('how many packs of credits', async () => {
  const typed = { ...wrong, 'more than there may be': '21', 'a part of one': '1.5', 'one with words': '3 packs' };
  const played = await open(typical(), 'overview');
  await page.getByRole('button', { name: en.overview.credits.topUp, exact: true }).click();
  const field = page.getByRole('textbox', { name: en.buying.topUp.packs });
  for (const [what, text] of Object.entries(typed)) {
    await field.fill(text);
    await page.keyboard.press('Enter');
    await expect(field, what).toHaveAttribute('aria-invalid', 'true');
    await expect(field, what).toHaveAccessibleDescription(/1 to 20/);
    await expect(page.getByRole('button', { name: en.buying.topUp.choosePacks }), what).toBeDisabled();
  }
  await field.fill(' 1२ ');
  await page.getByRole('button', { name: 'Top up for ₹30,000' }).click();
  await page.getByRole('dialog', { name: 'Top-up, 12 packs' }).waitFor();
  const asked = played.heard.filter(({ call }) => call === 'purchases.queue');
  expect(asked.map(({ input }) => input)).toMatchObject([{ quantity: 12, expectedAmountPaise: 3_000_000 }]);
});

test('the name of a counter', async () => {
  const played = await open(typical(), 'counters');
  const { rename } = en.counters;
  let name = 'Back office';
  for (const typed of [...Object.values(wrong), 'FRONT counter']) {
    await page.getByRole('button', { name: rename.of(name), exact: true }).click();
    const field = page.getByRole('textbox', { name: rename.label(name) });
    const send = () => page.keyboard.press('Enter');
    const came = await tried({ played, field, send, call: 'devices.rename' }, typed);
    if (came === 'taken') name = typed.trim();
    else await page.keyboard.press('Escape');
    await expect(field).toHaveCount(0);
  }
  expect(name).toBe('<img src=x onerror=alert(1)>');
});

test('what is looked for in the ledger, and between which days', async () => {
  const played = await open(typical(), 'ledger');
  const { filter } = en.ledgerList;
  const settled = async (text: string) => {
    await expect
      .poll(() => played.heard.findLast(({ call }) => call === 'ledger.window')?.input)
      .toMatchObject({ filter: { text } });
  };
  for (const typed of Object.values(wrong)) {
    await page.getByLabel(filter.search).fill(typed);
    await settled(typed.slice(0, 200));
  }
  await page.getByLabel(filter.search).fill('');
  await settled('');
  const from = dateField(filter.from);
  const to = dateField(filter.to);
  for (const day of ['01/01/0001', '31/12/9999']) {
    await from.fill(day);
    await to.fill('22/11/2026');
  }
  await expect(to).toHaveAccessibleDescription(filter.wrongOrder);
  await from.fill('');
  for (const typed of [...Object.values(wrong), ...noDays]) {
    await to.fill(typed);
    await to.blur();
    if (typed.trim() === '') await expect(to, 'nothing typed is no fault').toHaveAccessibleDescription('');
    else await expect(to, typed).toHaveAccessibleDescription(en.shell.date.fault);
    const asked = () => played.heard.findLast(({ call }) => call === 'ledger.window')?.input;
    await expect.poll(asked, 'nothing that cannot be read narrows the ledger').toMatchObject({ filter: { to: null } });
  }
  await to.fill('22/11/26');
  await to.blur();
  await expect(to, 'a short year, once the field is left').toHaveValue('22/11/2026');
  for (const { call, input } of played.heard) {
    expect(calls[call].input.safeParse(input).success, `${call} ${JSON.stringify(input)}`).toBe(true);
  }
  await expect(page.locator('[data-code="bad_call"]')).toHaveCount(0);
});

test('the days of an export, and what is looked for among the commands', async () => {
  const played = await open(typical(), 'invoices');
  await page.getByRole('button', { name: en.invoices.exportAction }).click();
  await page.getByRole('dialog').getByRole('combobox').selectOption('own');
  const from = dateField(en.invoices.export.from);
  const to = dateField(en.invoices.export.to);
  const run = () => page.getByRole('button', { name: en.invoices.export.run }).click();
  await from.fill('22/11/2026');
  for (const day of ['', '21/11/2026', ...noDays]) {
    await to.fill(day);
    await run();
    await expect(to, day).toHaveAttribute('aria-invalid', 'true');
    await expect(to, day).toHaveAccessibleDescription(/\./);
  }
  expect(played.heard.filter(({ call }) => call === 'documents.export')).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: en.commands.title });
  for (const typed of Object.values(wrong)) await palette.getByRole('combobox').fill(typed);
  await expect(palette).toBeVisible();
});
