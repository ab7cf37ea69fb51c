// What the user is told: each fact once, and what was told before.
import { z } from 'zod';
import { calendarDate, instant } from '../ledger/entry.ts';
import { reminderKind } from '../plan/reminders.ts';
import { purchaseView } from './purchase-view.ts';

const aboutPurchase = { key: z.string(), purchase: purchaseView };
const aboutCredits = { key: z.string(), available: z.int() };

/**
 * Something that the user is to be told once. key: the fact's own name, the same at every look. reminder: the newest of the
 * current due date; daysLeft: until due, in the grace until the lapse. moved: rejected, expired, refunded or under review.
 */
export const noticeView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('revoked'), key: z.string() }),
  z.object({ kind: z.literal('paid'), ...aboutPurchase }),
  z.object({ kind: z.literal('failed'), ...aboutPurchase }),
  z.object({ kind: z.literal('decision'), ...aboutPurchase }),
  z.object({ kind: z.literal('moved'), ...aboutPurchase }),
  z.object({
    kind: z.literal('reminder'),
    key: z.string(),
    reminder: reminderKind,
    due: calendarDate,
    lapsesOn: calendarDate,
    daysLeft: z.int().min(0),
    autopay: z.boolean(),
  }),
  z.object({ kind: z.literal('credits_low'), ...aboutCredits }),
  z.object({ kind: z.literal('credits_out'), ...aboutCredits }),
]);
export type NoticeView = z.infer<typeof noticeView>;

/** One that was told. num: in the order of telling, higher is newer. read: the user has looked at it. */
export const toldNotice = z.object({ num: z.int().min(1), notice: noticeView, toldAt: instant, read: z.boolean() });
export type ToldNotice = z.infer<typeof toldNotice>;
