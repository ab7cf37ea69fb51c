// The zone that the PC stands in, by Windows' setting or TZ, changes nothing: not what is decided, not what is shown, not what
// stands on a document.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const program = `
  import { entitledIn } from './main/session/entitled.ts';
  import { createTrustedTime } from './main/session/trusted-time.ts';
  import { makeFormat } from './renderer/text/format.ts';
  import { lapseDate } from './shared/plan/renewal.ts';
  import { businessDate } from './shared/plan/service-year.ts';
  const format = makeFormat('en-IN');
  const facts = { plan: 'pharmapulse-one', serviceRenewalNextDue: '2027-03-14', iat: 1_804_000_000, exp: 1_806_592_000 };
  const answers = [];
  // Around midnight in India, and around the hours that America and Europe skip and repeat.
  for (const text of ['2027-03-13T18:29:59.999Z', '2027-03-13T18:30:00.000Z', '2027-03-14T09:59:59.000Z', '2027-03-14T10:00:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-28T18:30:00.000Z']) {
    const time = createTrustedTime({ clock: { now: () => new Date(text) }, monotonic: () => 0, saved: null, save: () => undefined });
    time.contact(text);
    const { status, daysLeft, asOf, stale, features } = entitledIn(facts, time.window());
    answers.push([status, daysLeft, asOf, stale, features, time.verdict(), time.now(), format.date(text), format.dateTime(text), businessDate(new Date(text))]);
  }
  answers.push([format.calendarDate(facts.serviceRenewalNextDue), format.calendarDate(lapseDate(facts.serviceRenewalNextDue)), format.month('2027-03')]);
  console.log(JSON.stringify([new Date(2027, 0, 1).getTimezoneOffset(), answers]));`;

const ask = (zone: string) => {
  const options = {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { PATH: process.env.PATH, TZ: zone },
    encoding: 'utf8',
  } as const;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], options);
  const [offset, answers] = JSON.parse(printed) as [number, unknown[]];
  return { offset, answers };
};

describe('the zone of the PC', () => {
  test('changes neither decision nor screen, from Honolulu to Kiritimati', () => {
    const here = ask('Asia/Kolkata');
    expect(here.offset).toBe(-330);
    expect(here.answers.at(-1)).toEqual(['14 Mar 2027', '29 Mar 2027', 'March 2027']);
    expect(JSON.stringify(here.answers[0])).toContain('"due_soon",1');
    expect(JSON.stringify(here.answers[1])).toContain('"past_due",15');
    const zones = ['Pacific/Honolulu', 'America/Los_Angeles', 'Europe/London', 'Asia/Kathmandu', 'Pacific/Kiritimati'];
    const others = zones.map(ask);
    expect(others.map(({ offset }) => offset)).toEqual([600, 480, 0, -345, -840]);
    for (const { answers } of others) expect(answers).toEqual(here.answers);
  }, 60_000);
});
