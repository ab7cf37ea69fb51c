// A year in the browser: the plan is bought, the test clock is moved along on the sandbox's page, and the screens say what is
// so, until the renewal is paid and everything is back. With YEAR_PICTURES set to a folder, each state's picture is kept there.
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { OpenCounter } from './counters.ts';
import { askForPlan, payHere, signUp, test, type World } from './world.ts';

const folder = process.env.YEAR_PICTURES;
const shoot = async (page: Page, name: string) => {
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

/** The value beside a name on the plan card. */
const fact = (page: Page, name: string) =>
  page.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd');

/** Presses a button beside what lies ahead, on the sandbox's page. */
async function goTo(sandbox: Page, moment: string): Promise<void> {
  const line = sandbox.getByRole('listitem').filter({ hasText: moment });
  await line.getByRole('button', { name: 'Go there' }).click();
  await sandbox.getByRole('heading', { name: 'Test clock' }).waitFor();
}

/** A chip in the words of the plan's status. */
const chip = (page: Page, words: string) => page.locator('main').getByText(words, { exact: true });

interface Played {
  readonly page: Page;
  readonly sandbox: Page;
  readonly front: OpenCounter;
  readonly world: World;
}

async function bought({ page }: Played): Promise<void> {
  await expect(chip(page, 'Active')).toBeVisible();
  await expect(fact(page, 'Next renewal')).toHaveText('12 Mar 2032');
  await expect(fact(page, 'Days left')).toHaveText('366');
  await expect(page.getByText(/^Test time /)).toBeVisible();
  await shoot(page, '1-active');
}

async function toldAsLow({ page }: Played): Promise<void> {
  await page.getByRole('button', { name: 'Low-credit alert' }).click();
  await page.getByRole('textbox', { name: 'Credits' }).fill('60,000');
  await shoot(page, '1b-limit');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Credits are running low' })).toBeVisible();
  await expect(page.getByText('50,000 left. Top up so that AI work does not stop.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Low-credit alert' }).click();
  await page.getByRole('textbox', { name: 'Credits' }).fill('5000');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(fact(page, 'Low-credit alert below')).toContainText('5,000');
  for (const message of ['Credits are running low', 'Payment confirmed']) {
    const shown = page.getByRole('status').locator('div').filter({ hasText: message }).last();
    await shown.getByRole('button', { name: 'Dismiss message' }).click();
  }
}

async function dueSoon({ page, sandbox }: Played): Promise<void> {
  await sandbox.reload();
  await shoot(sandbox, '0-sandbox-clock');
  await goTo(sandbox, 'renewal due soon');
  await page.bringToFront();
  await expect(chip(page, 'Renewal due soon')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Renewal due in 30 days' })).toBeVisible();
  await expect(fact(page, 'Days left')).toHaveText('30');
  await shoot(page, '2-due-soon');
  await page.getByRole('button', { name: 'Dismiss message' }).last().click();
}

async function overdue({ page, sandbox }: Played): Promise<void> {
  await goTo(sandbox, 'renewal due');
  await page.bringToFront();
  await expect(chip(page, 'Renewal overdue')).toBeVisible();
  await expect(fact(page, 'Days of grace left')).toHaveText('15');
  await expect(page.getByText('Everything keeps working until 27 Mar 2032.').first()).toBeVisible();
  await shoot(page, '3-past-due');
}

async function lapsed({ page, sandbox }: Played): Promise<void> {
  await goTo(sandbox, 'lapse');
  await page.bringToFront();
  await expect(chip(page, 'Lapsed')).toBeVisible();
  await expect(page.getByText('(off until renewed)')).toHaveCount(4);
  // The message of the overdue renewal has given way to the one of the lapse.
  await expect(page.getByRole('button', { name: 'Dismiss message' })).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Top up credits' })).toBeEnabled();
  await shoot(page, '4-lapsed');
}

async function renewed({ page, front, world }: Played): Promise<void> {
  await page.getByRole('button', { name: 'Renew for ₹1,000' }).first().click();
  await shoot(page, '5-renewing');
  await page.getByRole('dialog').getByRole('button', { name: 'Renew for ₹1,000' }).click();
  const checkout = await front.checkout();
  await shoot(checkout, '6-checkout');
  await payHere(checkout);
  await shoot(checkout, '7-paid-page');
  await page.bringToFront();
  await expect(page.getByText('Your plan runs until 27 Mar 2033.')).toBeVisible();
  await shoot(page, '8-paid');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(chip(page, 'Active')).toBeVisible();
  await expect(page.getByText('(off until renewed)')).toHaveCount(0);
  await shoot(page, '9-renewed');
  // The same date on the card, on the pay page and at the server.
  await expect(fact(page, 'Next renewal')).toHaveText('27 Mar 2033');
  await expect(checkout.getByText('27 Mar 2033')).toBeVisible();
  const [row] = await world.sql<{ due: string }>(
    'select service_renewal_next_due::text as due from subscription where service_renewal_next_due is not null',
  );
  expect(row?.due).toBe('2033-03-27');
}

test('a year is played: due soon, overdue, lapsed, renewed, and everything is back at once', async ({
  world,
  context,
  problems,
}) => {
  test.setTimeout(600_000);
  const front = await world.counter('front');
  const { page } = front;
  await signUp(page);
  // The same day and hour in every run.
  const sandbox = await context.newPage();
  await sandbox.goto(`${world.wire.url}/sandbox/`);
  await sandbox.getByLabel('Date and time in India').fill('2031-03-12T11:00:00');
  await sandbox.getByRole('button', { name: 'Go to' }).click();
  await expect(sandbox.locator('#clock-now')).toContainText('12 Mar 2031');
  await askForPlan(page);
  const pay = await front.checkout();
  await payHere(pay);
  await pay.close();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.bringToFront();
  const played: Played = { page, sandbox, front, world };

  await test.step('bought: active for a year', () => bought(played));

  await test.step('running low is told below what the user chose', () => toldAsLow(played));

  await test.step('30 days before: due soon, with a banner and a notice', () => dueSoon(played));

  await test.step('from the due date: overdue, with the days of grace that are left', () => overdue(played));

  await test.step('after the grace: lapsed, what is off says so, and nothing is locked', () => lapsed(played));

  await test.step('renewed: paid on the pay page, and all is back at once', () => renewed(played));

  await test.step('what was told is not told again when the page is opened anew', async () => {
    await page.reload();
    await expect(chip(page, 'Active')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Dismiss message' })).toHaveCount(0);
  });
  expect(problems).toEqual([]);
});
