// The main job with PAYMENT_PROVIDER=stripe: the server speaks to Stripe's API with Stripe's own SDK, the money is paid on
// a page that Stripe hosts, and Stripe's signed events report it. In Stripe's place stands the sandbox, a program of its own.
import { expect, type Page } from '@playwright/test';
import { doMainJob } from './main-job.ts';
import { askForPlan, payHere, signUp, test } from './world.ts';

test.use({ paidThrough: 'stripe' });

/** The bank refuses the card; the page stays and takes another one. */
async function refuseHere(checkout: Page): Promise<void> {
  await checkout.getByRole('radio', { name: /^Card 9995/ }).check();
  await checkout.locator('#pay').click();
  await checkout.getByRole('alert').getByText('You can try again').waitFor();
}

test('with Stripe: the whole main job, and a top-up that is refused first and then paid is granted once', async ({
  world,
  problems,
}) => {
  let desks = 0;
  await doMainJob(world, async (checkout) => {
    expect(new URL(checkout.url()).pathname).toMatch(/^\/stripe\/checkout\/cs_test_/);
    desks += 1;
    if (desks === 2) await refuseHere(checkout);
    await payHere(checkout);
  });
  const [paid] = await world.sql<Record<string, unknown>>(
    `select (select array_agg(distinct provider) from purchase) as providers,
            (select bool_and(payment_id like 'pi\\_%') from billing_payment) as intents,
            (select count(*)::int from webhook_inbox where event = 'checkout.session.completed' and state = 'applied') as told,
            (select count(*)::int from webhook_inbox where event = 'payment_intent.payment_failed') as refusals`,
  );
  expect(paid).toEqual({ providers: ['stripe'], intents: true, told: 3, refusals: 1 });
  expect(problems).toEqual([]);
});

test('with Stripe: who leaves after a refusal is told of it at the counter, and can pay later', async ({ world }) => {
  const front = await world.counter('front');
  const { page } = front;
  await signUp(page);
  await askForPlan(page);
  const panel = page.getByRole('dialog');
  const desk = await front.checkout();
  await refuseHere(desk);
  // Told by Stripe's event alone: nobody has come back from the page yet.
  await expect(panel.getByText(/The last attempt failed/)).toBeVisible();
  await desk.getByRole('button', { name: 'Close' }).click();
  await expect(desk.getByRole('heading', { name: 'Pay securely' })).toBeVisible();
  await expect(panel.getByText(/The last attempt failed/)).toBeVisible();
  await expect(panel.getByText('Waiting for payment', { exact: true })).toBeVisible();
  await desk.close();
  await payHere(await front.checkout());
  await expect(page.getByText('PharmaPulse One is yours. Welcome!')).toBeVisible();
});
