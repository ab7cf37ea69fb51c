// The main job, step by step, whoever takes the money, in whichever language, with whichever hands: the specs say who, which and
// how, and how it is paid at the checkout.
import { expect, type Page } from '@playwright/test';
import { en, type Messages } from '../../renderer/text/en.ts';
import type { OpenCounter } from './counters.ts';
import { type Hands, mouse } from './hands.ts';
import { signUp, test, type World } from './world.ts';

export interface Manner {
  readonly say: Messages;
  readonly hands: Hands;
  /** The language to choose before anything else; null to go on in the system's. */
  readonly language: string | null;
}

const usual: Manner = { say: en, hands: mouse, language: null };

/** Asks for three payments: the plan's, and two top-ups'. `pay` begins at the checkout and ends with a payment received. */
export async function doMainJob(world: World, pay: Pay, manner: Manner = usual): Promise<void> {
  const { say, hands } = manner;
  const { overview, purchases, buying } = say;
  let front = await world.counter('front');
  await speak(front.page, manner);
  await signUp(front.page, 'Asha Medicals', say, hands);

  await test.step('the plan is bought while the network is away', async () => {
    await world.wire.cut();
    await expect(front.page.getByText(say.sync.offline, { exact: true })).toBeVisible();
    await hands.press(front.page.getByRole('button', { name: overview.start.buy }));
    await expect(front.page.getByText(buying.offline)).toBeVisible();
    await hands.press(front.page.getByRole('button', { name: buying.plan.confirm('₹15,000') }));
    await expect(front.page.getByRole('dialog').getByText(purchases.states.queued)).toBeVisible();
  });

  await test.step('the app is killed and opened again: the purchase is still there', async () => {
    await front.kill();
    front = await world.counter('front');
    await expect(front.page.getByRole('listitem', { name: purchases.names.plan })).toContainText(
      purchases.states.queued,
    );
  });

  const credits = front.page.getByRole('region', { name: overview.credits.title });
  await test.step('back online it is sent and paid: active, 50,000 credits', async () => {
    await world.wire.join();
    const waiting = front.page.getByRole('listitem', { name: purchases.names.plan });
    await expect(waiting).toContainText(purchases.states.awaiting_payment, { timeout: 45_000 });
    await hands.press(
      waiting.getByRole('button', { name: purchases.actions.of(purchases.actions.pay, purchases.names.plan) }),
    );
    await pay(await front.checkout(say, hands));
    await expect(front.page.getByText(purchases.panel.paid.plan)).toBeVisible();
    await hands.press(front.page.getByRole('button', { name: purchases.panel.done }));
    await expect(credits).toContainText('50,000');
    await expect(front.page.getByRole('region', { name: overview.plan.title, exact: true })).toContainText(
      overview.plan.status.active,
    );
  });

  await topUps(front, pay, manner);
  await expect(credits).toContainText('2,00,000');
  await secondCounter(front.page, world, manner);

  const [once] = await world.sql<Record<string, number>>(
    `select (select count(*) from billing_payment)::int as payments, (select count(*) from billing_invoice)::int as invoices,
            (select count(*) from credits_ledger)::int as entries, (select sum(delta) from credits_ledger)::int as credits`,
  );
  expect(once).toEqual({ payments: 3, invoices: 3, entries: 3, credits: 200_000 });
}

type Pay = (checkout: Page) => Promise<void>;

async function topUps(front: OpenCounter, pay: Pay, { say, hands }: Manner): Promise<void> {
  const { overview, purchases, buying } = say;
  await test.step('two top-ups', async () => {
    for (const packs of [1, 2]) {
      await hands.press(front.page.getByRole('button', { name: overview.credits.topUp }));
      for (let more = 1; more < packs; more += 1)
        await hands.raise(
          front.page.getByRole('button', { name: buying.topUp.more }),
          front.page.getByRole('textbox', { name: buying.topUp.packs }),
        );
      const price = packs === 1 ? '₹2,500' : '₹5,000';
      await hands.press(front.page.getByRole('button', { name: buying.topUp.confirm(price) }));
      await pay(await front.checkout(say, hands));
      const added = packs === 1 ? '50,000' : '1,00,000';
      await expect(front.page.getByText(purchases.panel.paid.topup(added))).toBeVisible();
      await hands.press(front.page.getByRole('button', { name: purchases.panel.done }));
    }
  });
}

/** On a counter that is not set up, where the page still speaks the system's language. */
async function speak(page: Page, { say, hands, language }: Manner): Promise<void> {
  if (language === null) return;
  await hands.choose(page.getByLabel(en.settings.look.language), language);
  await expect(page.getByRole('heading', { name: say.activation.title })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

async function secondCounter(page: Page, world: World, manner: Manner): Promise<void> {
  const { say, hands } = manner;
  const { fields, tabs } = say.activation;
  await test.step('a second counter joins and sees everything in under two seconds', async () => {
    await hands.press(page.getByRole('link', { name: say.shell.nav.counters }));
    await hands.press(page.getByRole('button', { name: say.counters.add }));
    const code = await page.getByLabel(say.counters.code.label).textContent();
    const { page: other } = await world.counter('back');
    await speak(other, manner);
    await hands.turnTo(other.getByRole('tab', { name: tabs.join }), other.getByRole('tab', { name: tabs.signUp }));
    await hands.fill(other.getByRole('textbox', { name: fields.code }), code ?? '');
    await hands.fill(other.getByRole('textbox', { name: fields.deviceName }), 'Back counter');
    const before = Date.now();
    await hands.press(other.getByRole('button', { name: say.activation.join }));
    await expect(other.getByRole('region', { name: say.overview.credits.title })).toContainText('2,00,000', {
      timeout: 2_000,
    });
    console.log(`the second counter showed everything after ${Date.now() - before} ms`);
    await hands.press(other.getByRole('link', { name: say.shell.nav.ledger }));
    await expect(other.getByRole('row')).toHaveCount(4);
    await hands.press(other.getByRole('link', { name: say.shell.nav.purchases }));
    await expect(other.getByRole('listitem').filter({ hasText: say.purchases.states.paid })).toHaveCount(3);
  });
}
