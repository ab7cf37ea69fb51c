// The main job, as a pharmacist does it: real browser, real counter programs, real server, real PostgreSQL, test money.
import { expect } from '@playwright/test';
import { openCheckout, payHere, signUp, test } from './world.ts';

test('a pharmacy signs up, buys the plan offline, survives a restart, pays, tops up, and a second counter sees it all', async ({
  world,
  context,
  problems,
}) => {
  let counter = await world.counter('front');
  let page = await context.newPage();
  await page.goto(counter.url);
  await signUp(page);

  await test.step('the plan is bought while the network is away', async () => {
    await world.wire.cut();
    await expect(page.getByText('Offline', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
    await expect(page.getByText('will be sent when you are back online')).toBeVisible();
    await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
    await expect(page.getByText('Waiting to be sent').first()).toBeVisible();
  });

  await test.step('the app is closed and opened again: the purchase is still there', async () => {
    await page.close();
    await counter.kill();
    counter = await world.counter('front');
    page = await context.newPage();
    await page.goto(counter.url);
    await expect(page.getByRole('listitem', { name: 'PharmaPulse One plan' })).toContainText('Waiting to be sent');
  });

  await test.step('back online it is sent and paid: active, 50,000 credits', async () => {
    await world.wire.join();
    const waiting = page.getByRole('listitem', { name: 'PharmaPulse One plan' });
    await expect(waiting).toContainText('Waiting for payment', { timeout: 45_000 });
    await waiting.getByRole('button', { name: /^Pay/ }).click();
    await payHere(await openCheckout(page));
    await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
    await page.getByRole('button', { name: 'Done' }).click();
    const credits = page.getByRole('region', { name: 'AI credits' });
    await expect(credits).toContainText('50,000');
    await expect(page.getByRole('region', { name: 'Plan' })).toContainText('Active');
  });

  await test.step('two top-ups', async () => {
    for (const packs of [1, 2]) {
      await page.getByRole('button', { name: 'Top up credits' }).click();
      for (let more = 1; more < packs; more += 1) await page.getByRole('button', { name: 'One pack more' }).click();
      await page.getByRole('button', { name: /^Top up for ₹/ }).click();
      await payHere(await openCheckout(page));
      await expect(page.getByText(/credits were added/)).toBeVisible();
      await page.getByRole('button', { name: 'Done' }).click();
    }
    await expect(page.getByRole('region', { name: 'AI credits' })).toContainText('2,00,000');
  });

  await test.step('a second counter joins and sees everything in under two seconds', async () => {
    await page.getByRole('link', { name: /Counters/ }).click();
    await page.getByRole('button', { name: 'Add a counter' }).click();
    const code = await page.getByLabel('Join code').innerText();
    const second = await world.counter('back');
    const other = await context.newPage();
    await other.goto(second.url);
    await other.getByRole('tab', { name: 'Join with code' }).click();
    await other.getByRole('textbox', { name: 'Join code' }).fill(code);
    await other.getByRole('textbox', { name: "This counter's name" }).fill('Back counter');
    const before = Date.now();
    await other.getByRole('button', { name: 'Join pharmacy' }).click();
    await expect(other.getByRole('region', { name: 'AI credits' })).toContainText('2,00,000', { timeout: 2_000 });
    console.log(`second counter showed everything after ${Date.now() - before} ms`);
    await other.getByRole('link', { name: /Ledger/ }).click();
    await expect(other.getByRole('row')).toHaveCount(4);
    await other.getByRole('link', { name: /Purchases/ }).click();
    await expect(other.getByRole('listitem').filter({ hasText: 'Paid' })).toHaveCount(3);
  });

  const [once] = await world.sql<Record<string, number>>(
    `select (select count(*) from billing_payment)::int as payments, (select count(*) from billing_invoice)::int as invoices,
            (select count(*) from credits_ledger)::int as entries, (select sum(delta) from credits_ledger)::int as credits`,
  );
  expect(once).toEqual({ payments: 3, invoices: 3, entries: 3, credits: 200_000 });
  expect(problems).toEqual([]);
});

test('a payment that fails can be tried again, closing the checkout changes nothing, and an unpaid one expires', async ({
  world,
  context,
}) => {
  const counter = await world.counter('front');
  const page = await context.newPage();
  await page.goto(counter.url);
  await signUp(page);
  await page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
  await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();

  await test.step('the bank refuses: the reason is shown and the purchase still waits', async () => {
    const pay = await openCheckout(page);
    await pay.locator('#fail').click();
    await expect(page.getByRole('dialog').getByText(/The last attempt failed/)).toBeVisible();
    await expect(page.getByText('Waiting for payment').first()).toBeVisible();
    await pay.close();
  });

  await test.step('the checkout is closed: nothing changes', async () => {
    const pay = await openCheckout(page);
    await pay.getByRole('button', { name: 'Close the checkout' }).click();
    await expect(pay.getByRole('heading', { name: 'Pay securely' })).toBeVisible();
    await expect(page.getByText('Waiting for payment').first()).toBeVisible();
    await pay.close();
  });

  await test.step('after three days it has expired and can be asked for again', async () => {
    await world.post('/test/clock', { now: new Date(Date.now() + 3 * 86_400_000 + 60_000).toISOString() });
    await expect(page.getByRole('dialog').getByText('Expired')).toBeVisible();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
    await payHere(await openCheckout(page));
    await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
  });
});

test('the server is killed after it answered the webhook and before it was applied, and grants once when it is back', async ({
  world,
  context,
}) => {
  const counter = await world.counter('front');
  const page = await context.newPage();
  await page.goto(counter.url);
  await signUp(page);
  await page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
  await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
  const pay = await openCheckout(page);
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
  await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible({ timeout: 45_000 });
  const [once] = await world.sql<Record<string, number>>(
    `select (select count(*) from billing_payment)::int as payments, (select count(*) from billing_invoice)::int as invoices,
            (select sum(delta) from credits_ledger)::int as credits`,
  );
  expect(once).toEqual({ payments: 1, invoices: 1, credits: 50_000 });
});
