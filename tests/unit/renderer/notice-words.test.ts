// The words of every notice: what is so, and what to do, short enough for an operating system's notification.
import { describe, expect, test } from 'vitest';
import { en } from '../../../renderer/text/en.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { sayNotice } from '../../../renderer/text/notice-words.ts';
import { calls } from '../../../shared/contract/ipc.ts';
import type { NoticeView } from '../../../shared/contract/notice-views.ts';
import type { ReminderKind } from '../../../shared/plan/reminders.ts';
import { everyState } from '../../fakes/played-scenarios.ts';

const words = { text: en, format: makeFormat('en-IN') };
const purchase = (id: string) => {
  const found = everyState().find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const reminder = (kind: ReminderKind, daysLeft: number, autopay = false): NoticeView => ({
  ...{ kind: 'reminder', key: kind, reminder: kind, due: '2027-11-22', lapsesOn: '2027-12-07', daysLeft, autopay },
});

describe('a notice', () => {
  test.each<[NoticeView, string, string]>([
    [reminder('days_30', 30), 'Renewal due in 30 days', 'Renew before 22 Nov 2027.'],
    [reminder('days_15', 12), 'Renewal due in 12 days', 'Renew before 22 Nov 2027.'],
    [reminder('days_1', 1), 'Renewal due in 1 day', 'Renew before 22 Nov 2027.'],
    [reminder('days_7', 7, true), 'Renewal due in 7 days', 'It renews by itself on 22 Nov 2027.'],
    [reminder('due', 15), 'Renewal overdue: 15 days left', 'Everything keeps working until 7 Dec 2027.'],
    [reminder('lapsed', 0), 'The renewal has lapsed', 'keep working'],
    [{ kind: 'credits_low', key: 'k', available: 4_999 }, 'Credits are running low', '4,999 left.'],
    [{ kind: 'credits_out', key: 'k', available: 0 }, 'Out of credits', 'Billing and sales keep working.'],
    [{ kind: 'revoked', key: 'k' }, 'This counter was removed from the pharmacy', 'join with a code'],
    [
      { kind: 'paid', key: 'k', purchase: purchase('pur_paid') },
      'Payment confirmed',
      'You can use 50,000 more credits.',
    ],
    [{ kind: 'paid', key: 'k', purchase: purchase('pur_plan') }, 'Payment confirmed', 'PharmaPulse One plan: paid.'],
    [
      { kind: 'failed', key: 'k', purchase: purchase('pur_failed') },
      'Payment failed',
      'Your bank declined the payment. You can',
    ],
    [{ kind: 'decision', key: 'k', purchase: purchase('pur_price') }, 'A purchase needs your decision', '₹2,750'],
    [
      { kind: 'moved', key: 'k', purchase: purchase('pur_second') },
      'Renewal for one year: not accepted',
      'Back office asked for this first.',
    ],
    [{ kind: 'moved', key: 'k', purchase: purchase('pur_expired') }, 'Top-up, 1 pack: expired', 'Ask again'],
    [
      { kind: 'moved', key: 'k', purchase: purchase('pur_refunded') },
      'Top-up, 1 pack: refunded',
      '₹2,500 was paid back.',
    ],
    [{ kind: 'moved', key: 'k', purchase: purchase('pur_review') }, 'Top-up, 1 pack: under review', 'do not pay again'],
  ])('%j', (notice, title, part) => {
    const said = sayNotice(words, notice);
    expect(said.title).toBe(title);
    expect(said.body).toContain(part);
    expect(calls['notices.tell'].input.safeParse({ key: notice.key, title, body: said.body }).success).toBe(true);
  });
});
