// The main job, step by step, whoever takes the money: the specs say who, and how it is paid at the checkout.
import { expect, type Page } from '@playwright/test';
import { signUp, test, type World } from './world.ts';

/** Asks for three payments: the plan's, and two top-ups'. `pay` begins at the checkout and ends with a payment received. */
export async function doMainJob(world: World, pay: (checkout: Page) => Promise<void>): Promise<void> {
  let front = await world.counter('front');
  await signUp(front.page);

  await test.step('the plan is bought while the network is away', async () => {
    await world.wire.cut();
    await expect(front.page.getByText('Offline', { exact: true })).toBeVisible();
    await front.page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
    await expect(front.page.getByText('will be sent when you are back online')).toBeVisible();
    await front.page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
    await expect(front.page.getByRole('dialog').getByText('Waiting to be sent')).toBeVisible();
  });

  await test.step('the app is killed and opened again: the purchase is still there', async () => {
    await front.kill();
    front = await world.counter('front');
    await expect(front.page.getByRole('listitem', { name: 'PharmaPulse One plan' })).toContainText(
      'Waiting to be sent',
    );
  });

  const credits = front.page.getByRole('region', { name: 'AI credits' });
  await test.step('back online it is sent and paid: active, 50,000 credits', async () => {
    await world.wire.join();
    const waiting = front.page.getByRole('listitem', { name: 'PharmaPulse One plan' });
    await expect(waiting).toContainText('Waiting for payment', { timeout: 45_000 });
    await waiting.getByRole('button', { name: /^Pay/ }).click();
    await pay(await front.checkout());
    await expect(front.page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
    await front.page.getByRole('button', { name: 'Done' }).click();
    await expect(credits).toContainText('50,000');
    await expect(front.page.getByRole('region', { name: 'Plan' })).toContainText('Active');
  });

  await test.step('two top-ups', async () => {
    for (const packs of [1, 2]) {
      await front.page.getByRole('button', { name: 'Top up credits' }).click();
      for (let more = 1; more < packs; more += 1)
        await front.page.getByRole('button', { name: 'One pack more' }).click();
      await front.page.getByRole('button', { name: /^Top up for ₹/ }).click();
      await pay(await front.checkout());
      await expect(front.page.getByText(/credits were added/)).toBeVisible();
      await front.page.getByRole('button', { name: 'Done' }).click();
    }
    await expect(credits).toContainText('2,00,000');
  });

  await secondCounter(front.page, world);

  const [once] = await world.sql<Record<string, number>>(
    `select (select count(*) from billing_payment)::int as payments, (select count(*) from billing_invoice)::int as invoices,
            (select count(*) from credits_ledger)::int as entries, (select sum(delta) from credits_ledger)::int as credits`,
  );
  expect(once).toEqual({ payments: 3, invoices: 3, entries: 3, credits: 200_000 });
}

async function secondCounter(page: Page, world: World): Promise<void> {
  await test.step('a second counter joins and sees everything in under two seconds', async () => {
    await page.getByRole('link', { name: /Counters/ }).click();
    await page.getByRole('button', { name: 'Add a counter' }).click();
    const code = await page.getByLabel('Join code').textContent();
    const { page: other } = await world.counter('back');
    await other.getByRole('tab', { name: 'Join with code' }).click();
    await other.getByRole('textbox', { name: 'Join code' }).fill(code ?? '');
    await other.getByRole('textbox', { name: "This counter's name" }).fill('Back counter');
    const before = Date.now();
    await other.getByRole('button', { name: 'Join pharmacy' }).click();
    await expect(other.getByRole('region', { name: 'AI credits' })).toContainText('2,00,000', { timeout: 2_000 });
    console.log(`the second counter showed everything after ${Date.now() - before} ms`);
    await other.getByRole('link', { name: /Ledger/ }).click();
    await expect(other.getByRole('row')).toHaveCount(4);
    await other.getByRole('link', { name: /Purchases/ }).click();
    await expect(other.getByRole('listitem').filter({ hasText: 'Paid' })).toHaveCount(3);
  });
}
