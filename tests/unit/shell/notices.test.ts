// Notices of the operating system: what the user is told for the first time, in the words of the screen. What is news, and
// that nothing is told twice, is proved on the counter's own files (tests/unit/counter/notices.test.ts).
import { describe, expect, test } from 'vitest';
import { becomeReady, PlayedCounter, runShell } from './run.ts';

async function running(options: Parameters<typeof runShell>[0] = {}) {
  const counter = new PlayedCounter();
  const { fake } = await runShell({ counter, ...options });
  await becomeReady(fake);
  return { fake, counter };
}

const low = { title: 'Credits are running low', body: '4,999 left. Top up so that AI work does not stop.' };
const lapsed = { title: 'The renewal has lapsed', body: 'Some features are off until you renew.' };

describe('the desktop', () => {
  test('shows each thing that the user is told, in its words', async () => {
    const { fake, counter } = await running();
    counter.tell(low);
    counter.tell(lapsed);
    expect(fake.desktop.notices.map(({ title, body, shown }) => ({ title, body, shown }))).toEqual([
      { ...low, shown: true },
      { ...lapsed, shown: true },
    ]);
  });

  test('brings the window forward by a click, also on an older notice', async () => {
    const { fake, counter } = await running();
    counter.tell(low);
    counter.tell(lapsed);
    fake.firstWindow().hide();
    fake.desktop.notices[0]?.events.fire('click');
    fake.desktop.notices[0]?.events.fire('close');
    expect(fake.firstWindow().visible).toBe(true);
  });

  test('is left alone where it shows no notices', async () => {
    const { fake, counter } = await running({ notifications: false });
    counter.tell(low);
    expect(fake.desktop.notices).toEqual([]);
  });
});
