// Invoices, as a pharmacist and the accountant use them: real browser, real counter programs, real server, test money.
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { readPdf } from '../unit/print/reader.ts';
import type { OpenCounter } from './counters.ts';
import { askForPlan, payHere, signUp, test } from './world.ts';

/** What a button puts into the downloads. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const coming = page.waitForEvent('download');
  await press();
  const file = await coming;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual([]);
}

test.beforeEach(() => test.setTimeout(180_000));

/** Buys and pays the plan; ends in the panel of its invoice, whose number it gives. */
async function buyPlan(front: OpenCounter): Promise<string> {
  const { page } = front;
  await askForPlan(page);
  await payHere(await front.checkout());
  await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
  await page.getByRole('button', { name: 'Show invoice' }).click();
  const title = page.getByRole('heading', { name: /^Tax invoice PP\/\d\d-\d\d\/000001$/ });
  await expect(title).toBeVisible();
  return ((await title.textContent()) ?? '').replace('Tax invoice ', '');
}

test('an invoice appears after the payment, its PDF is that invoice, and the next one carries new details', async ({
  world,
  problems,
}) => {
  const front = await world.counter('front');
  const { page } = front;
  await signUp(page);

  await test.step('without a payment the screen says what will stand there', async () => {
    await page.getByRole('link', { name: 'Invoices' }).click();
    await expect(page.getByRole('heading', { name: 'No invoices yet' })).toBeVisible();
    await expectNoViolations(page);
    await page.getByRole('link', { name: 'Overview' }).click();
  });

  const number = await test.step('the paid purchase leads to its invoice', async () => {
    const found = await buyPlan(front);
    await expect(page.getByRole('dialog')).toContainText('Fifteen Thousand Rupees Only');
    await expectNoViolations(page);
    return found;
  });

  await test.step('its PDF is saved under its number, and is that invoice', async () => {
    const { name, bytes } = await downloaded(page, () => page.getByRole('button', { name: 'Save PDF' }).click());
    expect(name).toBe(`${number.replaceAll('/', '-')}.pdf`);
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect((await readPdf(bytes)).text).toContain(number);
    await page.keyboard.press('Escape');
  });

  await test.step('new details are checked beside the field, saved, and stand on the next invoice only', async () => {
    await page.getByRole('link', { name: 'Invoices' }).click();
    await page.getByRole('button', { name: 'Details for invoices' }).click();
    const gstin = page.getByRole('textbox', { name: 'GSTIN' });
    await gstin.fill('27AAPFU0939F1ZX');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('One character is wrong')).toBeVisible();
    await expect(gstin).toBeFocused();
    await expectNoViolations(page);
    await gstin.fill('27aapfu0939f1zv');
    await page.getByRole('textbox', { name: 'Legal name' }).fill('Asha Medicals LLP');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByText('Your next invoice carries these details')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Top up credits' }).click();
    await page.getByRole('button', { name: /^Top up for ₹/ }).click();
    await payHere(await front.checkout());
    await page.getByRole('button', { name: 'Show invoice' }).click();
    await expect(page.getByRole('region', { name: 'Billed to' })).toContainText('Asha Medicals LLP');
    await expect(page.getByRole('region', { name: 'Billed to' })).toContainText('27AAPFU0939F1ZV');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Invoices' }).click();
    await page.getByRole('button', { name: `Open tax invoice ${number}` }).click();
    await expect(page.getByRole('region', { name: 'Billed to' })).toContainText('Asha Medicals');
    await expect(page.getByRole('region', { name: 'Billed to' })).not.toContainText('LLP');
    await page.keyboard.press('Escape');
  });
  expect(problems).toEqual([]);
});

test('invoices are narrowed by year, exported, and open, save and print also offline after a restart', async ({
  world,
  problems,
}) => {
  let front = await world.counter('front');
  let { page } = front;
  await signUp(page);
  const number = await buyPlan(front);
  // Also fetched by itself, but who knows when: once saved, the PDF is on this PC.
  await downloaded(page, () => page.getByRole('button', { name: 'Save PDF' }).click());
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Invoices' }).click();

  await test.step('the list is narrowed by year and by kind', async () => {
    await expect(page.getByRole('row')).toHaveCount(2);
    await page.getByLabel('Kind').selectOption('credit_note');
    await expect(page.getByRole('heading', { name: 'Nothing of this kind here' })).toBeVisible();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Financial year').selectOption({ index: 1 });
    await expect(page.getByRole('row')).toHaveCount(2);
  });

  const exported = async () => {
    await page.getByRole('button', { name: 'Export for the accountant' }).click();
    const file = await downloaded(page, () => page.getByRole('button', { name: 'Export CSV' }).click());
    expect(file.name).toMatch(/^invoices-from-20\d\d-04-01-to-20\d\d-03-31\.csv$/);
    return file.bytes.toString('utf8');
  };
  let complete = '';
  await test.step('the accountant gets a file with a row for each', async () => {
    complete = await exported();
    await expect(page.getByText('It is complete, as the server has it.')).toBeVisible();
    expect(complete.trim().split('\r\n')).toHaveLength(2);
    expect(complete).toContain(number);
    expect(complete).toContain('Asha Medicals');
    await page.keyboard.press('Escape');
  });

  await test.step('offline, after a restart: it opens, is saved, shown for printing and exported all the same', async () => {
    await world.wire.cut();
    await front.kill();
    front = await world.counter('front');
    page = front.page;
    await expect(page.getByText('Offline', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Invoices' }).click();
    await expect(page.getByText('All shown here open, save and print without internet.')).toBeVisible();
    await expectNoViolations(page);
    await page.getByRole('button', { name: `Open tax invoice ${number}` }).click();
    const { bytes } = await downloaded(page, () => page.getByRole('button', { name: 'Save PDF' }).click());
    expect((await readPdf(bytes)).text).toContain(number);
    await page.getByRole('button', { name: 'Print' }).click();
    const link = page.getByRole('link', { name: 'Open the PDF' });
    await expect(link).toHaveAttribute('href', /^\/files\/[\w-]{40,}\/PP-[\d-]+\.pdf$/);
    const shown = await page.request.get(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
    expect(shown.headers()).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
    expect(shown.headers()['content-disposition']).toMatch(/^inline/);
    expect((await shown.body()).equals(bytes)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await exported()).toBe(complete);
    await expect(page.getByText('it was made from the documents on this PC')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Details for invoices' }).click();
    await expect(page.getByText('can be read and changed online only')).toBeVisible();
  });
  expect(problems).toEqual([]);
});
