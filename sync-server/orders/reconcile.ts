// The operator's reconciliation: every purchase of which money may have come unnoticed is asked about now, of any age and
// whatever its timetable says.
import type { ReconcileAnswer } from '../../shared/contract/alarms.ts';
import type { OrderParts } from '../parts.ts';
import { isDatabaseAway } from '../store/database.ts';
import { listUnsettled } from '../store/looks.ts';
import { findPurchase, type PurchaseKey } from '../store/purchases.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { askAbout } from './ask-about.ts';
import { inLanes, startAsking } from './asking.ts';
import { countOpenAlarms, soundAlarm } from './sound-alarm.ts';

const page = 200;

/** Refuses with `unavailable` when the provider is away before the end; what was found until then has had its effect. */
export async function reconcile(parts: OrderParts): Promise<Verdict<ReconcileAnswer>> {
  const { acrossOrgs } = parts.database;
  const asking = startAsking(() => true);
  let [looked, settled] = [0, 0];
  let after: PurchaseKey | null = null;
  for (;;) {
    const unsettled: PurchaseKey[] = await listUnsettled(acrossOrgs, parts.provider.name, after, page);
    await inLanes(unsettled, asking, async (at) => {
      const asked = await askOne(parts, at);
      if (asked === null) return;
      asking.answered(asked);
      looked += 1;
      if (!asked.ok && asked.kind === 'refused') await tellOfRefusal(parts, at, asked.reason);
      if (asked.ok && asked.value.payments.some(({ became }) => became === 'settled')) settled += 1;
    });
    after = unsettled.at(-1) ?? null;
    if (asking.ended()) return refuse('unavailable');
    if (unsettled.length < page) return accept({ looked, settled, alarms: await countOpenAlarms(parts) });
  }
}

/** A provider that refuses to show our own order will not do so by itself later: a wrong key, or an order of another account. */
async function tellOfRefusal(parts: OrderParts, { orgId, purchaseId }: PurchaseKey, reason: string): Promise<void> {
  const alarm = { kind: 'look_up_failed', subject: purchaseId, orgId, details: { reason } } as const;
  await soundAlarm(parts, alarm);
}

/** null: gone meanwhile, or a mistake of ours, which holds up no other purchase. */
async function askOne(parts: OrderParts, at: PurchaseKey) {
  try {
    const found = await parts.database.inOrg(at.orgId, (tx) => findPurchase(tx, at.orgId, at.purchaseId));
    return found === null ? null : await askAbout(parts, found.row);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    parts.log.error({ err: error, purchaseId: at.purchaseId }, 'a purchase could not be reconciled');
    return null;
  }
}

/** One run at a time: who asks while one is under way is answered with what that one finds. */
export function sharedReconcile(parts: OrderParts): () => Promise<Verdict<ReconcileAnswer>> {
  let running: Promise<Verdict<ReconcileAnswer>> | null = null;
  return () => {
    running ??= reconcile(parts).finally(() => {
      running = null;
    });
    return running;
  };
}
