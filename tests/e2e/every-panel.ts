// Every panel, dialog and question of the counter, over the screen that it is opened from.
import type { Page } from '@playwright/test';
import type { Messages } from '../../renderer/text/en.ts';
import type { Scenario } from '../fakes/played-counter.ts';
import { longNames } from '../fakes/played-long-names.ts';
import { ofNewerServer } from '../fakes/played-newer.ts';
import { everyState, offline, planDue, typical, withOverview } from '../fakes/played-scenarios.ts';
import { button, type Sight } from './sight.ts';

const every = (): Scenario => ({ ...typical(), purchases: everyState() });
const pastDue = (): Scenario => withOverview(typical(), { plan: planDue('2026-11-08') });

/** A purchase in one state, opened for its details. */
function detailsOf(name: string, id: string): Sight {
  return {
    name,
    scenario: () => ({ ...typical(), purchases: everyState().filter((purchase) => purchase.id === id) }),
    screen: 'purchases',
    open: (page) => page.getByRole('main').getByRole('listitem').getByRole('button').first().click(),
  };
}

async function openCalendar(page: Page, say: Messages, field: string): Promise<void> {
  await button(page, say.shell.date.calendar(field)).click();
  await page.locator('calendar-month').getByRole('button', { name: /22|31/ }).first().waitFor();
}

export const panels: readonly Sight[] = [
  {
    name: 'top-up panel, offline',
    scenario: offline,
    screen: 'overview',
    open: (page, say) => button(page, say.overview.credits.topUp).click(),
  },
  {
    name: 'top-up panel, wrong number',
    scenario: typical,
    screen: 'overview',
    open: async (page, say) => {
      await button(page, say.overview.credits.topUp).click();
      await page.getByRole('textbox', { name: say.buying.topUp.packs }).fill('25');
      await page.getByText(say.buying.topUp.wrongPacks(20)).waitFor();
    },
  },
  {
    name: 'renewal panel',
    scenario: pastDue,
    screen: 'overview',
    open: (page, say) => button(page, new RegExp(say.overview.plan.renew('').trim())).click(),
  },
  {
    name: 'asking again',
    scenario: every,
    screen: 'purchases',
    open: (page, say) => button(page, new RegExp(`^${say.purchases.actions.again}:`)).click(),
  },
  {
    name: 'new price panel',
    scenario: every,
    screen: 'purchases',
    open: (page, say) => button(page, new RegExp(`^${say.purchases.actions.review}:`)).click(),
  },
  detailsOf('failed payment panel', 'pur_failed'),
  detailsOf('unsent purchase panel', 'pur_queued'),
  detailsOf('paid purchase panel', 'pur_paid'),
  detailsOf('cancelled purchase panel', 'pur_cancelled'),
  detailsOf('refunded purchase panel', 'pur_refunded'),
  detailsOf('unknown purchase panel', 'pur_unknown'),
  {
    name: 'top-up panel',
    scenario: typical,
    screen: 'overview',
    open: (page, say) => button(page, say.overview.credits.topUp).click(),
  },
  {
    name: 'limit panel',
    scenario: typical,
    screen: 'overview',
    open: (page, say) =>
      button(page, `${say.overview.credits.limit.change}: ${say.overview.credits.limit.title}`).click(),
  },
  {
    name: 'payment panel',
    scenario: typical,
    screen: 'purchases',
    open: (page, say) => button(page, new RegExp(`^${say.purchases.actions.pay}:`)).click(),
  },
  {
    name: 'payment panel, program ended',
    scenario: typical,
    screen: 'purchases',
    away: true,
    open: (page, say) => button(page, new RegExp(`^${say.purchases.actions.pay}:`)).click(),
  },
  {
    name: 'cancel question',
    scenario: typical,
    screen: 'purchases',
    open: (page, say) => button(page, new RegExp(`^${say.purchases.actions.cancel}`)).click(),
  },
  {
    name: 'profile panel',
    scenario: typical,
    screen: 'settings',
    open: (page, say) => button(page, say.settings.pharmacy.change).click(),
  },
  {
    name: 'export panel',
    scenario: typical,
    screen: 'invoices',
    open: (page, say) => button(page, say.invoices.exportAction).click(),
  },
  {
    name: 'document panel',
    scenario: typical,
    screen: 'invoices',
    open: (page) => page.getByRole('table').getByRole('button').first().click(),
  },
  {
    name: 'document of long names',
    scenario: longNames,
    screen: 'invoices',
    open: (page) => page.getByRole('table').getByRole('button').nth(1).click(),
  },
  {
    name: 'join code panel',
    scenario: typical,
    screen: 'counters',
    open: (page, say) => button(page, say.counters.add).click(),
  },
  {
    name: 'renaming a counter',
    scenario: typical,
    screen: 'counters',
    open: async (page, say) => {
      await button(page, say.counters.rename.of('Back office')).click();
      await page.getByLabel(say.counters.rename.label('Back office')).fill('Front counter');
      await page.keyboard.press('Enter');
      await page.getByText(say.counters.rename.taken).waitFor();
    },
    inPlace: true,
  },
  {
    name: 'removing a counter',
    scenario: typical,
    screen: 'counters',
    open: (page, say) => button(page, say.counters.revoke.of('Back office')).click(),
  },
  {
    name: 'removing oneself',
    scenario: typical,
    screen: 'counters',
    open: (page, say) => button(page, say.counters.revoke.of('Front counter')).click(),
  },
  {
    name: 'calendar of the ledger',
    scenario: typical,
    screen: 'ledger',
    open: (page, say) => openCalendar(page, say, say.ledgerList.filter.to),
  },
  {
    name: 'calendar of an export',
    scenario: typical,
    screen: 'invoices',
    open: async (page, say) => {
      await button(page, say.invoices.exportAction).click();
      await page.getByRole('dialog').getByRole('combobox').selectOption('own');
      await openCalendar(page, say, say.invoices.export.to);
    },
  },
  {
    name: 'no date',
    scenario: typical,
    screen: 'ledger',
    open: async (page, say) => {
      const field = page.getByRole('textbox', { name: say.ledgerList.filter.from, exact: true });
      await field.fill('31/11/2026');
      await field.blur();
      await page.getByText(say.shell.date.fault).waitFor();
    },
    inPlace: true,
  },
  {
    name: 'ledger entry',
    scenario: typical,
    screen: 'ledger',
    open: (page) => page.getByRole('table').getByRole('button').first().click(),
  },
  {
    name: 'ledger entry of a newer server',
    scenario: ofNewerServer,
    screen: 'ledger',
    open: async (page, say) => {
      await page
        .getByRole('table')
        .getByRole('button', { name: say.ledger.kinds.unknown('goodwill_bonus') })
        .first()
        .click();
      await page.getByText(say.ledgerList.entry.moreNote).waitFor();
    },
  },
  { name: 'command palette', scenario: typical, screen: 'overview', open: (page) => page.keyboard.press('Control+k') },
  { name: 'list of keys', scenario: typical, screen: 'overview', open: (page) => page.keyboard.press('?') },
  {
    name: 'notices',
    scenario: typical,
    screen: 'overview',
    open: (page, say) => button(page, new RegExp(`^${say.noticeList.title}`)).click(),
  },
];
