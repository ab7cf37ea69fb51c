// A notice in words: a title that says what is so, a sentence that says what to do. On the screen and in the operating
// system's notification they are the same.
import type { NoticeView } from '../../shared/contract/notice-views.ts';
import type { Message } from '../store/state.ts';
import { failureSentence, purchaseName, purchaseStep, type Words } from './purchase-words.ts';

export function sayNotice(words: Words, notice: NoticeView): Omit<Message, 'num'> {
  const { text, format } = words;
  const { notices, sync } = text;
  switch (notice.kind) {
    case 'revoked':
      return { about: null, tone: 'bad', title: sync.revoked.title, body: sync.revoked.body };
    case 'credits_low': {
      const { low } = text.overview.credits;
      return { about: 'credits', tone: 'warn', title: low.title, body: low.body(format.number(notice.available)) };
    }
    case 'credits_out':
      return { about: 'credits', tone: 'bad', ...text.overview.credits.none };
    case 'reminder':
      return sayReminder(words, notice);
    case 'paid':
    case 'failed':
    case 'decision':
    case 'moved':
      return sayPurchase(words, notice, notices);
  }
}

function sayPurchase(
  words: Words,
  { kind, purchase }: Extract<NoticeView, { kind: 'paid' | 'failed' | 'decision' | 'moved' }>,
  notices: Words['text']['notices'],
): Omit<Message, 'num'> {
  const what = purchaseName(words, purchase);
  switch (kind) {
    case 'paid': {
      const gives = purchase.credits > 0 ? words.format.number(purchase.credits) : null;
      // What a payment mends is no longer to be told.
      const abouts = { 'renewal.year': 'renewal', 'topup.50k': 'credits', 'plan.pharmapulse-one': null } as const;
      const about = purchase.sku === null ? null : abouts[purchase.sku];
      return { about, tone: 'good', title: notices.paid.title, body: notices.paid.body(what, gives) };
    }
    case 'failed': {
      const reason = failureSentence(words.text, purchase.lastFailure?.description ?? '');
      return { about: null, tone: 'bad', title: notices.failed.title, body: notices.failed.body(what, reason) };
    }
    case 'decision':
      return {
        about: null,
        tone: 'warn',
        title: notices.decision,
        body: notices.decisionBody(what, purchaseStep(words, purchase, false)),
      };
    case 'moved': {
      const title = notices.moved(what, words.text.purchases.states[purchase.state].toLowerCase());
      return { about: null, tone: 'warn', title, body: purchaseStep(words, purchase, false) };
    }
  }
}

function sayReminder(
  { text, format }: Words,
  { reminder, due, lapsesOn, daysLeft, autopay }: Extract<NoticeView, { kind: 'reminder' }>,
): Omit<Message, 'num'> {
  const { banner } = text.overview;
  switch (reminder) {
    case 'lapsed':
      return { about: 'renewal', tone: 'bad', title: banner.lapsed.title, body: text.notices.lapsed };
    case 'due':
      return {
        about: 'renewal',
        tone: 'bad',
        title: banner.past_due.title(daysLeft),
        body: banner.past_due.body(format.calendarDate(lapsesOn)),
      };
    case 'days_30':
    case 'days_15':
    case 'days_7':
    case 'days_1': {
      const date = format.calendarDate(due);
      const body = autopay ? banner.due_soon.autopay(date) : banner.due_soon.body(date);
      return { about: 'renewal', tone: 'warn', title: banner.due_soon.title(daysLeft), body };
    }
  }
}
