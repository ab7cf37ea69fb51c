// The looks that are due, each by whichever process takes it: at purchases that may have been paid without our hearing of
// it, at webhooks that should have come, and at money that webhooks told of. What is due when stands in purchase/looks.ts.
import type { Parts } from '../parts.ts';
import { lookAfterFailure, looksBeforeTheHour, lookTask, nextLook } from '../purchase/looks.ts';
import { isDatabaseAway } from '../store/database.ts';
import {
  closeLook,
  type DueLook,
  findSettledPayment,
  type LookChange,
  listDueLooks,
  sawWebhook,
  type TakenLook,
  takeLook,
} from '../store/looks.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { askAbout } from './ask-about.ts';
import { type Asking, inLanes, startAsking } from './asking.ts';
import { soundAlarm } from './sound-alarm.ts';

const page = 100;

/** Makes every look that is due now, or as many as the provider answers and the process lives for. How many were made. */
export async function lookAtDue(parts: Parts, goesOn: () => boolean): Promise<number> {
  const { acrossOrgs, inOrg } = parts.database;
  const asking = startAsking(goesOn);
  let looks = 0;
  let after: DueLook | null = null;
  for (;;) {
    const now = parts.clock.now();
    const due: DueLook[] = await listDueLooks(acrossOrgs, parts.provider.name, now, after, page);
    await inLanes(due, asking, async (at) => {
      const taken = await inOrg(at.orgId, (tx) => takeLook(tx, at, now));
      if (taken === null) return;
      looks += 1;
      await look(parts, taken, asking);
    });
    after = due.at(-1) ?? null;
    if (due.length < page || asking.ended()) return looks;
  }
}

async function look(parts: Parts, taken: TakenLook, asking: Asking): Promise<void> {
  const { row } = taken;
  try {
    switch (lookTask(row)) {
      case 'ask':
        return await ask(parts, taken, asking);
      case 'check_webhook':
        return await checkWebhook(parts, taken);
      case 'confirm':
        return await confirm(parts, taken, asking);
      case 'nothing':
        return await close(parts, taken, { nextLookAt: null });
    }
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    parts.log.error({ err: error, purchaseId: row.purchaseId }, 'a look failed');
    await postpone(parts, taken, 'unknown');
    await soundAlarm(parts, failed(row, reason));
  }
}

const close = (parts: Parts, taken: TakenLook, change: LookChange): Promise<void> =>
  parts.database.inOrg(taken.row.orgId, (tx) => closeLook(tx, taken, change));

async function ask(parts: Parts, taken: TakenLook, asking: Asking): Promise<void> {
  const { row, dueAt } = taken;
  const asked = await askAbout(parts, row);
  asking.answered(asked);
  if (!asked.ok && asked.kind !== 'refused') return notAnswered(parts, taken, asked.kind, asked.reason);
  const next = nextLook(row.createdAt, row.looks, dueAt, parts.clock.now());
  await close(parts, taken, { nextLookAt: next.at, looks: next.looks });
  if (!asked.ok) await soundAlarm(parts, failed(row, asked.reason));
  else if (asked.value.orderId === null && row.looks === looksBeforeTheHour) await tellOfUnknownOrder(parts, row);
}

const tellOfUnknownOrder = (parts: Parts, { orgId, purchaseId, receipt, amountPaise, state }: PurchaseRow) =>
  soundAlarm(parts, { kind: 'order_unknown', subject: purchaseId, orgId, details: { receipt, amountPaise, state } });

/** Found paid by a look-up: the webhook had its time. */
async function checkWebhook(parts: Parts, taken: TakenLook): Promise<void> {
  const { row } = taken;
  const webhookSeen = await hasWebhook(parts, row);
  if (webhookSeen) return close(parts, taken, { nextLookAt: null, webhookSeen });
  const details = { orderId: row.providerOrderId, paidAt: row.paidAt?.toISOString() ?? null };
  await soundAlarm(parts, { kind: 'no_webhook', subject: row.purchaseId, orgId: row.orgId, details }, (tx) =>
    closeLook(tx, taken, { nextLookAt: null, webhookSeen }),
  );
}

const hasWebhook = async (parts: Parts, { provider, providerOrderId }: PurchaseRow): Promise<boolean> =>
  providerOrderId !== null && sawWebhook(parts.database.unscoped, provider, providerOrderId);

/** Paid on a webhook's word: the provider is asked whether it has that money. */
async function confirm(parts: Parts, taken: TakenLook, asking: Asking): Promise<void> {
  const { row } = taken;
  const settled = await parts.database.inOrg(row.orgId, (tx) => findSettledPayment(tx, row));
  const asked = await askAbout(parts, row);
  asking.answered(asked);
  if (!asked.ok && asked.kind !== 'refused') return notAnswered(parts, taken, asked.kind, asked.reason);
  const change = { nextLookAt: null, webhookSeen: await hasWebhook(parts, row) };
  if (!asked.ok) return soundAlarm(parts, failed(row, asked.reason), (tx) => closeLook(tx, taken, change));
  const shown = asked.value.payments.map(({ payment }) => payment);
  const isThere = shown.some(
    ({ paymentId, status, amountPaise, currency }) =>
      paymentId === settled?.paymentId &&
      (status === 'captured' || status === 'refunded') &&
      amountPaise === settled.amountPaise &&
      currency === 'INR',
  );
  if (isThere) return close(parts, taken, change);
  const seen = shown.map(({ paymentId, status, amountPaise, currency }) => ({
    ...{ paymentId, status, amountPaise, currency },
  }));
  const details = { paymentId: settled?.paymentId ?? null, amountPaise: row.amountPaise, seen };
  const alarm = { kind: 'effect_without_money', subject: row.purchaseId, orgId: row.orgId, details } as const;
  await soundAlarm(parts, alarm, (tx) => closeLook(tx, taken, change));
}

async function notAnswered(
  parts: Parts,
  taken: TakenLook,
  kind: 'unavailable' | 'unknown',
  reason: string,
): Promise<void> {
  const { row } = taken;
  parts.log.warn({ purchaseId: row.purchaseId, kind, reason }, 'the provider gave no answer to a look');
  if (await postpone(parts, taken, kind)) return;
  await soundAlarm(parts, failed(row, reason));
}

/** The look is made again soon, and not counted; false when it was tried for long enough. */
async function postpone(parts: Parts, taken: TakenLook, kind: 'unavailable' | 'unknown'): Promise<boolean> {
  const nextLookAt = lookAfterFailure(taken.row, kind, parts.clock.now());
  await close(parts, taken, { nextLookAt });
  return nextLookAt !== null;
}

const failed = ({ orgId, purchaseId, providerOrderId }: PurchaseRow, reason: string) =>
  ({ kind: 'look_up_failed', subject: purchaseId, orgId, details: { orderId: providerOrderId, reason } }) as const;
