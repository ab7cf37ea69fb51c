// What can go otherwise while somebody pays.
import { expect } from '@playwright/test';
import { askForPlan, payHere, signUp, test } from './world.ts';

test('a payment that fails can be tried again, a closed checkout changes nothing, and an unpaid purchase expires', async ({
  world,
}) => {
  const front = await world.counter('front');
  const { page } = front;
  await signUp(page);
  await askForPlan(page);
  const panel = page.getByRole('dialog');

  await test.step('the bank refuses: the reason is shown and the purchase still waits', async () => {
    const pay = await front.checkout();
    await pay.locator('#fail').click();
    await expect(panel.getByText(/The last attempt failed/)).toBeVisible();
    await expect(panel.getByText('Waiting for payment', { exact: true })).toBeVisible();
    await pay.close();
  });

  await test.step('the checkout is closed: nothing changes', async () => {
    const pay = await front.checkout();
    await pay.getByRole('button', { name: 'Close the checkout' }).click();
    await expect(pay.getByRole('heading', { name: 'Pay securely' })).toBeVisible();
    await expect(panel.getByText('Waiting for payment', { exact: true })).toBeVisible();
    await pay.close();
  });

  await test.step('after three days it has expired and can be asked for again', async () => {
    await world.post('/test/clock', { now: new Date(Date.now() + 3 * 86_400_000 + 60_000).toISOString() });
    await expect(panel.getByText('Expired', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
    await payHere(await front.checkout());
    await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
  });
});

test('the server is killed between webhook and job, and grants once when it is back', async ({ world }) => {
  const front = await world.counter('front');
  await signUp(front.page);
  await askForPlan(front.page);
  const pay = await front.checkout();
  // The database refuses what a settling does first, so every webhook is stored and answered and none takes effect.
  await world.sql("create function hold() returns trigger language plpgsql as $$ begin raise exception 'held'; end $$");
  await world.sql('create trigger hold before insert on billing_payment for each row execute function hold()');
  await pay.locator('#pay').click();
  await expect
    .poll(async () => (await world.sql('select 1 from webhook_inbox where payment_id is not null')).length)
    .toBeGreaterThan(1);
  await world.killServer();
  await world.sql('drop trigger hold on billing_payment');
  await world.startServer();
  await expect(front.page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible({ timeout: 45_000 });
  const [once] = await world.sql<Record<string, number>>(
    `select (select count(*) from billing_payment)::int as payments, (select count(*) from billing_invoice)::int as invoices,
            (select sum(delta) from credits_ledger)::int as credits`,
  );
  expect(once).toEqual({ payments: 1, invoices: 1, credits: 50_000 });
});

test('a double click queues one purchase, and a queued one is cancelled without a trace at the server', async ({
  world,
}) => {
  const front = await world.counter('front');
  const { page } = front;
  await signUp(page);
  await world.wire.cut();
  await expect(page.getByText('Offline', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
  await page.getByRole('button', { name: /^Buy for ₹15,000/ }).dblclick();
  await expect(page.getByRole('dialog').getByText('Waiting to be sent')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel purchase' }).click();
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await expect(page.getByRole('dialog').getByText('Cancelled', { exact: true })).toBeVisible();
  await world.wire.join();
  await expect(page.getByText('Online', { exact: true })).toBeVisible({ timeout: 45_000 });
  expect(await world.sql('select 1 from purchase')).toEqual([]);
});
