// What the user of a counter chooses for it: kept in the counter's own SQLite file, whatever the server does.
import { describe, expect, test } from 'vitest';
import type { Desktop } from '../../../main/ports.ts';
import type { NoticeView } from '../../../shared/contract/notice-views.ts';
import { activeStage, stage } from '../../fakes/played-stage.ts';

const usual = {
  language: null,
  theme: 'system',
  notices: { payments: true, renewal: true, credits: true },
  systemNotices: false,
  startsWithPc: null,
};

function playedDesktop(): Desktop & { on: boolean } {
  return {
    on: false,
    showsNotices: () => true,
    startsWithPc() {
      return this.on;
    },
    startWithPc(on) {
      this.on = on;
    },
  };
}

describe('settings', () => {
  test('are the usual ones at first, also before the counter has an org', async () => {
    const app = await (await stage()).startCounter();
    expect(await app.call('settings.get', {})).toEqual(usual);
  });

  test('are changed one by one, survive a restart, and every screen hears of it', async () => {
    const on = await activeStage();
    await on.app.call('settings.save', { language: 'hi' });
    await on.app.call('settings.save', { theme: 'dark', notices: { ...usual.notices, credits: false } });
    await on.app.until(() => on.app.notices.some(({ topics }) => topics.includes('settings')));
    await on.app.counter.stop();
    const again = await on.startCounter();
    expect(await again.call('settings.get', {})).toEqual({
      ...usual,
      language: 'hi',
      theme: 'dark',
      notices: { ...usual.notices, credits: false },
    });
    expect((await again.call('settings.save', { language: null })).language).toBeNull();
  });

  test.each([{ language: 'hi; drop' }, { theme: 'pink' }, { serverUrl: 'https://elsewhere.example' }, { notices: {} }])(
    'that are none are refused and change nothing: %j',
    async (wish) => {
      const { app } = await activeStage();
      expect((await app.refusal('settings.save', wish as never)).code).toBe('invalid_request');
      expect(await app.call('settings.get', {})).toEqual(usual);
    },
  );

  test('a browser cannot be started with the PC, and says so', async () => {
    const { app } = await activeStage();
    expect((await app.call('settings.save', { startsWithPc: true })).startsWithPc).toBeNull();
  });

  test('a desktop is asked each time whether it starts the counter', async () => {
    const on = await stage();
    const desktop = playedDesktop();
    const app = await on.startCounter({ desktop });
    expect((await app.call('settings.save', { startsWithPc: true })).startsWithPc).toBe(true);
    // Switched off in the operating system's own list.
    desktop.on = false;
    expect(await app.call('settings.get', {})).toMatchObject({ startsWithPc: false, systemNotices: true });
  });
});

describe('notifications', () => {
  async function told(change: Partial<typeof usual.notices>): Promise<string[]> {
    const on = await activeStage();
    await on.app.call('settings.save', { notices: { ...usual.notices, ...change } });
    await on.app.call('settings.lowCredits', { below: 60_000 });
    const shown: string[] = [];
    on.app.counter.onTold(({ title }) => void shown.push(title));
    const { items } = await on.app.call('notices.list', {});
    const kinds = items.map(({ kind }: NoticeView) => kind);
    expect(kinds).toContain('credits_low');
    for (const { key, kind } of items)
      expect(await on.app.call('notices.tell', { key, title: kind, body: '' })).toEqual({ first: true });
    return shown;
  }
  test('of a kind that is switched on go out', async () => {
    expect(await told({ renewal: false, payments: false })).toContain('credits_low');
  });
  test('of a kind that is switched off stay in the app, where they are told all the same', async () => {
    expect(await told({ credits: false })).not.toContain('credits_low');
  });
});
