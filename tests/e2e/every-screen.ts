// Every screen and panel of the counter in every state that it can be looked at in, from played answers: for whoever walks all of
// them, to check or to take pictures.
import type { Scenario } from '../fakes/played-counter.ts';
import { ledgerOf } from '../fakes/played-ledger.ts';
import { longNames } from '../fakes/played-long-names.ts';
import { ofNewerServer } from '../fakes/played-newer.ts';
import {
  creditsOf,
  everyState,
  notActivated,
  notBought,
  offline,
  planDue,
  typical,
  withOverview,
} from '../fakes/played-scenarios.ts';
import { panels } from './every-panel.ts';
import { button, type Screen, type Sight } from './sight.ts';

/** As it is when this PC cannot read or write its disk. */
function failing(): Scenario {
  const refusal = { code: 'storage_failed', retryable: true };
  const calls = [
    'purchases.list',
    'ledger.window',
    'usage.get',
    'devices.list',
    'documents.list',
    'diagnostics.export',
  ] as const;
  return { ...typical(), refusals: Object.fromEntries(calls.map((call) => [call, refusal])) };
}

const empty = (): Scenario => ({
  ...typical(),
  ...{ purchases: [], entries: [], documents: [], devices: [] },
});
const silent = (): Scenario => ({
  ...typical(),
  silent: ['purchases.list', 'ledger.window', 'usage.get', 'devices.list', 'documents.list'],
});

function due(nextDue: string): () => Scenario {
  return () => withOverview(typical(), { plan: planDue(nextDue) });
}

function lowOn(available: number): () => Scenario {
  return () => {
    const entries = ledgerOf(128, available);
    return { ...withOverview(typical(), { credits: creditsOf(entries, 0, planDue('2027-03-12')) }), entries };
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

const onlyCounter = (): Scenario => ({ ...typical(), devices: typical().devices.slice(0, 1) });

/** The server said that it is to be left alone for half an hour. */
function askedToWait(): Scenario {
  const sync = { ...typical().overview.sync, connection: 'offline' as const, waitUntil: '2026-11-22T11:05:00.000Z' };
  return withOverview(typical(), { sync: { ...sync, ageSeconds: 1_500, problem: 'rate_limited' } });
}

/** Before the first contact of a counter that is set up. */
function unfetched(scenario: Scenario): Scenario {
  const sync = { ...scenario.overview.sync, verifiedAt: null, ageSeconds: null };
  return withOverview(scenario, { sync, plan: null, credits: null, prices: null });
}

function olderUnderWay(): Scenario {
  const { sync } = typical().overview;
  return withOverview(typical(), { sync: { ...sync, older: { held: 20_000, total: 184_233 } } });
}

/** The month's credits are there, and nothing was used yet. */
const unused = (): Scenario => ({
  ...typical(),
  entries: typical()
    .entries.filter(({ kind }) => kind === 'monthly_grant')
    .map((grant) => ({ ...grant, seq: 1, balanceAfter: grant.delta })),
});

const screens: readonly Screen[] = ['overview', 'purchases', 'invoices', 'ledger', 'usage', 'counters', 'settings'];

const states: Readonly<Record<string, () => Scenario>> = { typical, empty, offline, failing, long: longNames, silent };

/** The settings read nothing that could fail; something of them has to be pressed. */
const refusedSetting: Pick<Sight, 'open' | 'inPlace'> = {
  open: async (page, say) => {
    await button(page, say.settings.support.run).click();
    await page.getByText(say.errors.storage_failed.sentence).waitFor();
  },
  inPlace: true,
};

const moments: readonly Sight[] = [
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
  { name: 'due soon', scenario: due('2026-12-04'), screen: 'overview' },
  { name: 'past due', scenario: due('2026-11-08'), screen: 'overview' },
  { name: 'lapsed', scenario: due('2026-11-01'), screen: 'overview' },
  { name: 'low credits', scenario: lowOn(4_000), screen: 'overview' },
  { name: 'no credits', scenario: lowOn(0), screen: 'overview' },
  { name: 'server busy', scenario: askedToWait, screen: 'overview' },
  { name: 'server busy, nothing fetched', scenario: () => unfetched(askedToWait()), screen: 'overview' },
  { name: 'nothing used yet', scenario: unused, screen: 'usage' },
  { name: 'older entries under way', scenario: olderUnderWay, screen: 'ledger' },
  { name: 'removed counter, wrong clock', scenario: removed, screen: 'overview' },
  {
    name: 'every purchase',
    scenario: () => ({ ...typical(), purchases: everyState() }),
    screen: 'purchases',
  },
  { name: 'purchases of a newer server', scenario: ofNewerServer, screen: 'purchases' },
  { name: 'documents of a newer server', scenario: ofNewerServer, screen: 'invoices' },
  { name: 'the only counter', scenario: onlyCounter, screen: 'counters' },
  { name: 'settings on a desktop', scenario: desktop, screen: 'settings' },
  { name: 'program ended', scenario: typical, screen: 'overview', away: true },
];

/** All of them; the name says screen and state. */
export const sights: readonly Sight[] = [
  ...screens.flatMap((screen) =>
    Object.entries(states).map(([state, scenario]) => ({
      ...{ name: `${screen}, ${state}`, scenario, screen },
      ...(screen === 'settings' && state === 'failing' ? refusedSetting : {}),
    })),
  ),
  ...moments,
  ...panels,
];
