// The drawer in which credits are bought, and each state of a purchase with its next step, on played answers: what is shown before
// it is asked for, that a press too many buys nothing more, and how one that expired is asked for again.
import { expect, type Page, test } from '@playwright/test';
import { en } from '../../renderer/text/en.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import { type PlayedBridge, startPlayedBridge } from '../fakes/played-bridge.ts';
import type { PlayedCounter, Scenario } from '../fakes/played-counter.ts';
import { everyState, offline, typical } from '../fakes/played-scenarios.ts';

let bridge: PlayedBridge;
test.beforeAll(async () => {
  bridge = await startPlayedBridge(typical());
});
test.afterAll(() => bridge.stop());

async function open(page: Page, scenario: Scenario, screen: string): Promise<PlayedCounter> {
  const played = bridge.play({ ...scenario, settings: { ...scenario.settings, language: 'en' } });
  await page.goto(`${bridge.url}#/${screen}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return played;
}

const queued = (played: PlayedCounter) => played.heard.filter(({ call }) => call === 'purchases.queue');
const topUp = (page: Page) => page.getByRole('button', { name: en.overview.credits.topUp, exact: true }).click();
const confirm = (page: Page) => page.getByRole('button', { name: /^Top up for ₹/ });

test('the drawer says price with its tax and credits after, for as many packs as are chosen', async ({ page }) => {
  await open(page, typical(), 'overview');
  await topUp(page);
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('textbox', { name: en.buying.topUp.packs })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  for (const said of ['₹7,500', 'GST of ₹381.36', '+1,50,000', '2,92,500', en.buying.online]) {
    await expect(drawer).toContainText(said);
  }
  await drawer.getByRole('button', { name: en.buying.topUp.fewer }).click();
  await expect(confirm(page)).toHaveText('Top up for ₹5,000');
});

test('offline it says that it is sent later', async ({ page }) => {
  await open(page, offline(), 'overview');
  await topUp(page);
  await expect(page.getByRole('dialog')).toContainText(en.buying.offline);
});

test.describe('a press too many buys nothing more', () => {
  const presses: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    'a double click': (page) => confirm(page).dblclick(),
    'five quick clicks': (page) => confirm(page).click({ clickCount: 5 }),
    'Enter twice': async (page) => {
      await confirm(page).focus();
      await Promise.all([page.keyboard.press('Enter'), page.keyboard.press('Enter')]);
    },
    'Enter again when the purchase is there': async (page) => {
      await confirm(page).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Top-up, 1 pack' }).waitFor();
      await page.keyboard.press('Enter');
    },
    'two events in one moment': (page) =>
      confirm(page).evaluate((button: HTMLElement) => {
        button.click();
        button.click();
      }),
  };
  for (const [what, press] of Object.entries(presses)) {
    test(what, async ({ page }) => {
      const played = await open(page, typical(), 'overview');
      await topUp(page);
      await press(page);
      await expect(page.getByRole('dialog', { name: 'Top-up, 1 pack' })).toBeVisible();
      expect(new Set(queued(played).map(({ input }) => (input as { intent: string }).intent)).size).toBe(1);
      expect(played.scenario.purchases.filter(({ id }) => id.startsWith('pur_played'))).toHaveLength(1);
    });
  }
});

test('an expired one is asked for again with as many packs, as a purchase of its own', async ({ page }) => {
  const expired: PurchaseView[] = everyState()
    .filter(({ id }) => id === 'pur_expired')
    .map((one) => ({ ...one, quantity: 4, amountPaise: 1_000_000, credits: 200_000 }));
  const played = await open(page, { ...typical(), purchases: expired }, 'purchases');
  const row = page.getByRole('listitem', { name: 'Top-up, 4 packs' });
  await expect(row).toContainText(en.purchases.steps.expired);
  await row.getByRole('button', { name: /^Ask again/ }).click();
  await expect(page.getByRole('textbox', { name: en.buying.topUp.packs })).toHaveValue('4');
  await confirm(page).click();
  await expect(page.getByRole('dialog', { name: 'Top-up, 4 packs' })).toContainText(en.purchases.states.queued);
  expect(played.scenario.purchases.map(({ id }) => id)).toEqual([expect.stringMatching(/^pur_played/), 'pur_expired']);
});

test('an expired plan that was bought since is not offered again', async ({ page }) => {
  const expired = everyState().filter(({ id }) => id === 'pur_expired');
  const plan = expired.map((one) => ({ ...one, sku: 'plan.pharmapulse-one' as const, credits: 0 }));
  await open(page, { ...typical(), purchases: plan }, 'purchases');
  const row = page.getByRole('listitem', { name: en.purchases.names.plan });
  await expect(row.getByRole('button')).toHaveText([en.purchases.actions.details]);
  await row.getByRole('button').click();
  await expect(page.getByRole('dialog').getByRole('button', { name: en.purchases.actions.again })).toHaveCount(0);
});

test('the drawer of a purchase follows it: waiting, failed with the bank’s reason, paid, expired', async ({ page }) => {
  const [waiting] = everyState().filter(({ id }) => id === 'pur_failed');
  if (waiting === undefined) throw new Error('the scenario has no such purchase');
  const played = await open(page, { ...typical(), purchases: [{ ...waiting, lastFailure: null }] }, 'purchases');
  await page.getByRole('button', { name: /^Pay:/ }).click();
  const drawer = page.getByRole('dialog');
  const become = (next: Partial<PurchaseView>) => {
    played.scenario.purchases = [{ ...waiting, ...next }];
    played.notify('purchases');
  };
  await expect(drawer).toContainText(en.purchases.states.awaiting_payment);
  await expect(drawer).toContainText('this counter');
  become({});
  await expect(drawer).toContainText('Your bank declined the payment. You can pay again; nothing was taken twice.');
  await expect(drawer.getByRole('button', { name: en.purchases.actions.payNow })).toBeVisible();
  become({ state: 'expired', cancellable: false, checkoutUrl: null });
  await expect(drawer).toContainText(en.purchases.steps.expired);
  await expect(drawer.getByRole('button', { name: en.purchases.actions.again })).toBeVisible();
  await expect(drawer.getByRole('button', { name: en.purchases.actions.payNow })).toHaveCount(0);
  become({ state: 'paid', paidAt: '2026-11-22T10:35:00.000Z', cancellable: false });
  await expect(drawer).toContainText('50,000 credits were added.');
  await expect(drawer.getByRole('button', { name: en.purchases.panel.done })).toBeVisible();
});
