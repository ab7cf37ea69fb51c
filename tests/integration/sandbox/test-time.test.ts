// The test clock as a person moves it on the operator page: forward only, by India's calendar, with everything done that
// falls due before the page comes back.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { watch } from '../server/event-stream.ts';
import { type Counter, orderOf, type Started, started } from '../server/started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  counter = await server.signUp();
});
afterAll(() => server.dispose());

const page = async () => (await server.request<string>('GET', '/sandbox/')).body;

/** Posts a form of the page's clock and answers what the page says then. */
async function move(fields: Record<string, string>): Promise<string> {
  const answer = await server.request('POST', '/sandbox/operator', {
    raw: new URLSearchParams({ do: 'clock', ...fields }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(answer.status).toBe(303);
  const said = new URL(answer.headers.get('location') ?? '', server.url).searchParams.get('said');
  return said ?? '';
}

/** India's time as the page shows it. */
const shownNow = async () => /<time id="clock-now">([^<]*)</.exec(await page())?.[1] ?? 'no clock';
const now = async () => (await server.request<{ now: string }>('GET', '/test/clock')).body.now;

/** Presses a button beside a line of what lies ahead. */
async function goTo(line: string, button: '1 second before' | 'Go there'): Promise<void> {
  const found =
    [...(await page()).matchAll(/<li>(.*?)<\/li>/gs)].find(([, text = '']) => text.includes(line))?.[1] ?? '';
  const form = [...found.matchAll(/<form.*?<\/form>/gs)].find(([text]) => text.includes(`>${button}<`))?.[0] ?? '';
  const at = /name="at" value="([^"]+)"/.exec(form)?.[1];
  if (at === undefined) throw new Error(`no button ${button} for ${line}`);
  expect(await move({ at })).toBe('');
}

describe('the clock of the operator page', () => {
  test('shows the present test time in India', async () => {
    expect(await shownNow()).toBe('22 Nov 2026, 12:00:00');
    expect(await page()).toContain('value="2026-11-22T12:00:00"');
    const lists = await server.request('GET', '/sandbox/operator/lists?show=payments');
    expect(lists.headers.get('x-test-clock')).toBe('22 Nov 2026, 12:00:00');
  });

  test.each([
    ['hour', '2026-11-22T07:30:00.000Z', '22 Nov 2026, 13:00:00'],
    ['day', '2026-11-23T07:30:00.000Z', '23 Nov 2026, 13:00:00'],
    ['month', '2026-12-23T07:30:00.000Z', '23 Dec 2026, 13:00:00'],
  ])('moves on by one %s', async (by, instant, shown) => {
    expect(await move({ by })).toBe('');
    expect(await now()).toBe(instant);
    expect(await shownNow()).toBe(shown);
  });

  test('goes to a date and time as India has them, and by a month from the 31st to the end of February', async () => {
    expect(await move({ to: '2027-01-31T00:00' })).toBe('');
    expect(await now()).toBe('2027-01-30T18:30:00.000Z');
    expect(await move({ by: 'month' })).toBe('');
    expect(await shownNow()).toBe('28 Feb 2027, 00:00:00');
  });

  test.each([{ to: '2027-02-27T23:59:59' }, { at: '2027-02-27T18:29:59Z' }])('never goes back: %s', async (fields) => {
    const before = await now();
    expect(await move(fields)).toContain('never goes back');
    expect(await now()).toBe(before);
  });

  test.each([{ to: 'tomorrow' }, { to: '' }, {}])('says what is no time: %s', async (fields) => {
    const before = await now();
    expect(await move(fields)).toBe('That is no date and time.');
    expect(await now()).toBe(before);
  });

  test('leads along an org’s renewal: to each day on which its status changes, and to one second before', async () => {
    const plan = await counter.buyPlan();
    await server.play(orderOf(plan), 'pay');
    await server.settle();
    const status = async () => {
      const { subscription } = await counter.status();
      return `${subscription.serviceRenewalStatus} ${subscription.daysLeft}`;
    };
    const seen: string[] = [];
    for (const line of ['renewal due soon', 'renewal due', 'lapse']) {
      for (const button of ['1 second before', 'Go there'] as const) {
        await goTo(`Asha Medicals: ${line}`, button);
        seen.push(await status());
      }
    }
    expect(seen).toEqual(['active 31', 'due_soon 30', 'due_soon 1', 'past_due 15', 'past_due 1', 'lapsed 0']);
    expect(await shownNow()).toBe('14 Mar 2028, 00:00:00');
    expect(await page()).not.toContain('Asha Medicals: lapse');
  });

  test('does what has fallen due before it answers', async () => {
    const { body: renewal } = await counter.request<Parameters<typeof orderOf>[0]>(
      'POST',
      '/api/billing/renewal/subscribe',
      { body: { mode: 'manual' }, key: 'renewal-1' },
    );
    await move({ by: 'month' });
    expect((await counter.purchase(renewal.id)).state).toBe('expired');
  });
});

test('every counter is told that time was moved, also one that nothing fell due for', async () => {
  const quiet = await server.signUp();
  const events = await watch(server, quiet.deviceToken);
  await vi.waitFor(() => expect(events.events).toHaveLength(1));
  await move({ by: 'hour' });
  await vi.waitFor(() => expect(events.events).toHaveLength(2));
  events.close();
  await events.ended;
});

test('a server without TEST_CLOCK has no clock on the page, and none that is moved', async () => {
  const plain = await started();
  try {
    expect((await plain.request<string>('GET', '/sandbox/')).body).not.toContain('Test clock');
    const answer = await plain.request('POST', '/sandbox/operator', {
      raw: 'do=clock&by=day',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(decodeURIComponent(answer.headers.get('location') ?? '')).toContain('This clock cannot be moved');
  } finally {
    await plain.dispose();
  }
});
