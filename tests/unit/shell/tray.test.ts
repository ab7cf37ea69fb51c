// The tray: what it says of credits, plan and freshness in both languages, that it follows the counter, and that a desktop without
// one is left alone. And the words of a counter that cannot start.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { CannotStart, type CannotStartCode } from '../../../main/cannot-start.ts';
import { chosenLanguage } from '../../../main/chosen-language.ts';
import { trayLines } from '../../../main/hosts/electron/tray-lines.ts';
import { openOutbox } from '../../../main/outbox/open.ts';
import { saveSetting } from '../../../main/outbox/settings.ts';
import { en } from '../../../main/words/en.ts';
import { hi } from '../../../main/words/hi.ts';
import { cannotStartWords, shellWords } from '../../../main/words/spoken.ts';
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import { latinWords } from '../../fakes/latin-words.ts';
import { notActivated, notBought, offline, planDue, typical } from '../../fakes/played-scenarios.ts';
import { appFolder, becomeReady, PlayedCounter, runShell } from './run.ts';

const usual = typical().overview;
const withCredits = (available: number): OverviewView => {
  if (usual.credits === null) throw new Error('the scenario has no credits');
  return { ...usual, credits: { ...usual.credits, available } };
};
const due = (nextDue: string): OverviewView => ({ ...usual, plan: planDue(nextDue) });
const removed: OverviewView = {
  ...usual,
  session: { ...usual.session, state: 'revoked' },
  sync: { ...usual.sync, connection: 'refused' },
};

const states: readonly [string, OverviewView, readonly string[], boolean][] = [
  ['all is well', usual, ['1,42,500 credits', 'Online, data from 22 Nov, 4:05 pm'], false],
  ['offline', offline().overview, ['1,42,500 credits', 'Offline, as of 22 Nov, 4:05 pm'], false],
  ['low', withCredits(4_999), ['4,999 credits left, running low', 'Online, data from 22 Nov, 4:05 pm'], true],
  ['out', withCredits(0), ['No credits left', 'Online, data from 22 Nov, 4:05 pm'], true],
  ['due soon', due('2026-11-23'), ['1,42,500 credits', 'Renewal due in 1 day', expect.any(String)], false],
  [
    'past due',
    due('2026-11-16'),
    ['1,42,500 credits', 'Renewal overdue, 9 days of grace left', expect.any(String)],
    true,
  ],
  ['lapsed', due('2026-11-01'), ['1,42,500 credits', 'Renewal lapsed, some features off', expect.any(String)], true],
  ['not bought', notBought().overview, ['Plan not bought yet', 'Online, data from 22 Nov, 4:05 pm'], false],
  ['not set up', notActivated().overview, ['Not set up yet'], false],
  ['removed', removed, ['Removed from the pharmacy', '1,42,500 credits', 'As of 22 Nov, 4:05 pm'], true],
];

describe('what the tray says', () => {
  test.each(states)('%s', (_what, view, lines, urgent) => {
    const said = trayLines(view, en);
    expect(said).toMatchObject({ lines, urgent });
    expect(said.tip).toBe(['PharmaPulse One', ...said.lines].join('\n'));
  });

  test.each(states)('%s, in Hindi without a word of English', (_what, view) => {
    const said = trayLines(view, hi);
    for (const line of said.lines) expect(latinWords(line, new Set()), line).toEqual([]);
    expect(said.lines.length).toBe(trayLines(view, en).lines.length);
  });

  test.each([
    ['2026-11-08', 'छूट का 1 दिन बचा'],
    ['2026-11-09', 'छूट के 2 दिन बचे'],
  ])('Hindi counts days of grace as one or as many: due %s', (due, words) => {
    expect(trayLines({ ...usual, plan: planDue(due) }, hi).lines[1]).toBe(`रिन्यूअल बाकी है, ${words}`);
  });

  test('where nobody can say what day it is, the plan is told as it was known last', () => {
    const plan = { ...planDue('2026-11-01'), asOf: '2026-11-01T00:00:00.000Z' };
    expect(trayLines({ ...usual, plan }, en).lines[1]).toBe('Last known: Renewal lapsed, some features off');
  });

  test.each([en, hi])('the tip is never longer than Windows shows', (words) => {
    const plan = { ...planDue('2026-11-22'), asOf: '2026-11-01T00:00:00.000Z' };
    const most = withCredits(4_999_999_999);
    const view = { ...most, plan, sync: offline().overview.sync };
    expect(trayLines(view, words).tip.length).toBeLessThanOrEqual(127);
  });
});

async function running(options: Parameters<typeof runShell>[0] = {}) {
  const run = await runShell(options);
  await becomeReady(run.fake);
  return { ...run, tray: run.fake.desktop.trays[0] };
}

describe('the tray', () => {
  test('follows the counter, and is painted only when it says something else', async () => {
    const { tray, counter } = await running();
    expect(tray?.tip).toContain('Not set up yet');
    counter.overview = withCredits(12);
    counter.change();
    counter.change();
    await vi.waitFor(() => expect(tray?.tip).toContain('12 credits left, running low'));
    expect(tray?.menu[0]).toEqual({ label: '12 credits left, running low', enabled: false });
    expect(tray?.paints).toBe(2);
    const urgent = tray?.image;
    counter.change();
    counter.overview = usual;
    counter.change();
    await vi.waitFor(() => expect(tray?.tip).toContain('1,42,500'));
    expect(tray?.paints).toBe(3);
    expect(tray?.image).not.toEqual(urgent);
  });

  test.each([
    ['of the operating system', 'hi-IN', null],
    ['that the user chose', 'en-US', 'hi'],
  ])('speaks the language %s', async (_whose, locale, chosen) => {
    const counter = new PlayedCounter();
    counter.language = () => chosen;
    const { tray } = await running({ counter, locale });
    expect(tray?.menu.map(({ label }) => label).filter((label) => label !== undefined)).toEqual([
      'अभी चालू नहीं किया गया',
      'खोलें',
      'अभी सिंक करें',
      'बंद करें',
    ]);
  });

  test('follows a change of the language', async () => {
    const { tray, counter } = await running();
    counter.language = () => 'hi';
    counter.change();
    await vi.waitFor(() => expect(tray?.tip).toContain('अभी चालू नहीं किया गया'));
  });

  test('of a language that there is not is English', () => {
    expect(shellWords('ta', 'ta-IN')).toBe(en);
    expect(shellWords(null, 'hi')).toBe(hi);
    expect(shellWords('en', 'hi-IN')).toBe(en);
  });

  test('is not there on a desktop without one, and nothing breaks', async () => {
    const { fake, counter, window } = await running({ tray: false }).then((run) => ({
      ...run,
      window: run.fake.firstWindow(),
    }));
    expect(fake.desktop.trays).toEqual([]);
    counter.change();
    window.close();
    fake.app.fire('second-instance');
    expect(window.visible).toBe(true);
    expect(fake.app.exitCode).toBeNull();
  });

  test('asks nothing of a counter that stops', async () => {
    const { fake, counter } = await running();
    expect(counter.listeners).toBe(1);
    fake.app.quit();
    expect(counter.listeners).toBe(0);
  });
});

describe('a counter that cannot start', () => {
  const codes = ['in_use', 'newer_data', 'damaged_outbox', 'not_durable'] as const satisfies CannotStartCode[];

  test.each(codes)('says why in both languages: %s', (code) => {
    const error = new CannotStart(code, '/data/outbox.db', 'A sentence for consoles.');
    const english = cannotStartWords(en, error);
    expect(english).toMatchObject({
      title: 'PharmaPulse One cannot start',
      body: expect.stringContaining('/data/outbox.db'),
    });
    const { title, body } = cannotStartWords(hi, error);
    expect(body).toContain('/data/outbox.db');
    expect(latinWords(`${title} ${body.replace('/data/outbox.db', '')}`, new Set())).toEqual([]);
  });

  test('speaks the language that was chosen on it before, whatever else its file holds', async () => {
    const { userData } = appFolder();
    const outbox = openOutbox(userData, () => undefined);
    saveSetting(outbox, 'language', 'hi');
    outbox.sqlite.close();
    const newer = new Database(join(userData, 'outbox.db'));
    newer.pragma('user_version = 999');
    newer.close();
    const { fake } = await runShell({
      userData,
      args: ['--data', userData],
      fails: new CannotStart('newer_data', userData, 'A sentence for consoles.'),
    });
    fake.app.becomeReady();
    await vi.waitFor(() => expect(fake.app.exitCode).toBe(1));
    expect(fake.desktop.errors[0]?.title).toBe('PharmaPulse One शुरू नहीं हो सका');
  });

  test('with a file that nobody can read speaks the language of the operating system, and says so in the log', () => {
    const { userData } = appFolder();
    const logged: string[] = [];
    const log = (_level: string, message: string) => logged.push(message);
    expect(chosenLanguage(userData, log)).toBeNull();
    expect(logged).toEqual([]);
    mkdirSync(userData, { recursive: true });
    writeFileSync(join(userData, 'outbox.db'), 'no database at all, but long enough to be looked at as one'.repeat(99));
    expect(chosenLanguage(userData, log)).toBeNull();
    expect(logged).toEqual(['the chosen language cannot be read']);
  });
});
