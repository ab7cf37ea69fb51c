// Every screen and panel of the counter in every state that it can be looked at in, from played answers: for whoever walks all of
// them, to check or to take pictures.

import type { Page } from '@playwright/test';
import type { Messages } from '../../renderer/text/en.ts';
import type { Scenario } from '../fakes/played-counter.ts';
import { longNames } from '../fakes/played-long-names.ts';
import {
  everyState,
  notActivated,
  notBought,
  offline,
  planIn,
  typical,
  withOverview,
} from '../fakes/played-scenarios.ts';

type Screen = 'overview' | 'purchases' | 'invoices' | 'ledger' | 'usage' | 'counters' | 'settings';

export interface Sight {
  readonly name: string;
  readonly scenario: () => Scenario;
  readonly screen: Screen;
  /** What is pressed to come to it. */
  readonly open?: (page: Page, say: Messages) => Promise<void>;
  /** What is opened stands in the screen itself, and not over it. */
  readonly inPlace?: boolean;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();

/** As it is when a setting was refused, the server is away and nothing was ever fetched. */
function failing(): Scenario {
  const refusal = { code: 'storage_failed', retryable: true };
  const calls = [
    'purchases.list',
    'ledger.window',
    'usage.get',
    'devices.list',
    'documents.list',
    'settings.save',
  ] as const;
  return { ...typical(), refusals: Object.fromEntries(calls.map((call) => [call, refusal])) };
}

const empty = (): Scenario => ({ ...typical(), purchases: [], entries: [], documents: [], devices: [] });
const silent = (): Scenario => ({
  ...typical(),
  silent: ['purchases.list', 'ledger.window', 'usage.get', 'devices.list', 'documents.list'],
});

function due(status: 'due_soon' | 'past_due' | 'lapsed', left: number): () => Scenario {
  return () => withOverview(typical(), { plan: planIn(status, '2026-11-19', left) });
}

function lowOn(available: number): () => Scenario {
  return () => {
    const usual = typical().overview.credits;
    if (usual === null) throw new Error('the scenario has no credits');
    return withOverview(typical(), { credits: { ...usual, balance: available, held: 0, available } });
  };
}

function removed(): Scenario {
  const { session, sync } = typical().overview;
  return withOverview(typical(), {
    session: { ...session, state: 'revoked' },
    sync: { ...sync, connection: 'refused', clock: 'wrong' },
  });
}

const desktop = (): Scenario => {
  const scenario = typical();
  return { ...scenario, settings: { ...scenario.settings, systemNotices: true, startsWithPc: true } };
};

const screens: readonly Screen[] = ['overview', 'purchases', 'invoices', 'ledger', 'usage', 'counters', 'settings'];

const states: Readonly<Record<string, () => Scenario>> = { typical, empty, offline, failing, long: longNames, silent };

const panels: readonly Sight[] = [
  { name: 'sign up', scenario: notActivated, screen: 'overview' },
  {
    name: 'sign up, all wrong',
    scenario: notActivated,
    screen: 'overview',
    open: (page, say) => button(page, say.activation.create).click(),
  },
  {
    name: 'join',
    scenario: notActivated,
    screen: 'overview',
    open: (page, say) => page.getByRole('tab', { name: say.activation.tabs.join }).click(),
  },
  { name: 'first step', scenario: notBought, screen: 'overview' },
  {
    name: 'plan panel',
    scenario: notBought,
    screen: 'overview',
    open: (page, say) => button(page, say.overview.start.buy).click(),
  },
  { name: 'due soon', scenario: due('due_soon', 12), screen: 'overview' },
  { name: 'past due', scenario: due('past_due', 1), screen: 'overview' },
  { name: 'lapsed', scenario: due('lapsed', 0), screen: 'overview' },
  { name: 'low credits', scenario: lowOn(4_000), screen: 'overview' },
  { name: 'no credits', scenario: lowOn(0), screen: 'overview' },
  { name: 'removed counter, wrong clock', scenario: removed, screen: 'overview' },
  {
    name: 'every purchase',
    scenario: () => ({ ...typical(), purchases: everyState() }),
    screen: 'purchases',
  },
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
    name: 'the only counter',
    scenario: () => ({ ...typical(), devices: typical().devices.slice(0, 1) }),
    screen: 'counters',
  },
  { name: 'settings on a desktop', scenario: desktop, screen: 'settings' },
  {
    name: 'ledger entry',
    scenario: typical,
    screen: 'ledger',
    open: (page) => page.getByRole('table').getByRole('button').first().click(),
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

/** All of them; the name says screen and state. */
export const sights: readonly Sight[] = [
  ...screens.flatMap((screen) =>
    Object.entries(states).map(([state, scenario]) => ({ name: `${screen}, ${state}`, scenario, screen })),
  ),
  ...panels,
];
