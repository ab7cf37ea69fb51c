// Takes the pictures of the README from the running app: `npm run pictures`. Not a test; it needs what the tests need.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './program.ts';
import { askForPlan, payHere, signUp, test } from './world.ts';

const folder = join(root, 'docs', 'screens');

test('pictures', async ({ world }) => {
  mkdirSync(folder, { recursive: true });
  const front = await world.counter('front');
  const { page } = front;
  const shoot = (name: string) => page.screenshot({ path: join(folder, `${name}.png`) });
  await signUp(page);
  await shoot('first-step');
  await askForPlan(page);
  await page.getByRole('button', { name: 'Pay now' }).waitFor();
  await shoot('pay');
  const pay = await front.checkout();
  await pay.screenshot({ path: join(folder, 'sandbox-checkout.png') });
  await payHere(pay);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Top up credits' }).click();
  await page.getByRole('button', { name: 'One pack more' }).click();
  await shoot('top-up');
  await page.getByRole('button', { name: /^Top up for ₹/ }).click();
  await page.getByRole('button', { name: 'Pay now' }).waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('listitem', { name: 'Top-up, 2 packs' }).waitFor();
  // The news of the payment lies over the corner for a while.
  await page.getByRole('button', { name: 'Dismiss message' }).click();
  await shoot('overview');
  await page.getByRole('link', { name: /Purchases/ }).click();
  await page.getByRole('list').getByText('Paid', { exact: true }).first().waitFor();
  await shoot('purchases');
  await page.getByRole('link', { name: 'Invoices' }).click();
  await page.getByRole('table').waitFor();
  await shoot('invoices');
  await page.getByRole('button', { name: /^Open tax invoice/ }).click();
  await page.getByRole('button', { name: 'Save PDF' }).waitFor();
  await shoot('invoice-open');
});
