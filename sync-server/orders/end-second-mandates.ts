// Two mandates under one receipt, both agreed to: a lost answer made it possible. One is the org's; the others are ended at
// the provider, and what they took until then is dealt with as any charge: it renews a year that is not paid, or goes back.
// For whoever holds the mandate's lock.
import type { Parts } from '../parts.ts';
import type { Mandates, Outcome } from '../providers/port.ts';
import { writeAudit } from '../store/audit.ts';
import { lockMandate, updateMandate } from '../store/mandate-rows.ts';
import { applyChargeOf } from '../store/mandates.ts';
import type { MandateRow } from '../store/schema-payments.ts';
import { lockSubscription } from '../store/subscriptions.ts';

/** Ends all that are known; one that could not be ended stays known, and the next look tries again. */
export async function endSecondMandates(parts: Parts, mandates: Mandates, row: MandateRow): Promise<Outcome<null>> {
  for (const mandateId of row.secondIds) {
    if (mandateId === row.mandateId) continue;
    const ended = await mandates.cancel(mandateId);
    if (!ended.ok) return ended;
    // After the end, so that no charge can come between.
    const report = await mandates.fetch(mandateId);
    if (!report.ok) return report;
    for (const payment of report.value.payments) {
      parts.metrics.settled(await parts.database.inOrg(row.orgId, (tx) => applyChargeOf(tx, parts, row, payment)));
    }
    await forget(parts, row, mandateId);
  }
  return { ok: true, value: null };
}

async function forget(parts: Parts, { orgId, receipt }: MandateRow, mandateId: string): Promise<void> {
  const now = parts.clock.now();
  await parts.database.inOrg(orgId, async (tx) => {
    await lockSubscription(tx, orgId);
    const { secondIds } = await lockMandate(tx, { orgId, receipt });
    const left = secondIds.filter((id) => id !== mandateId);
    await updateMandate(tx, { orgId, receipt }, { secondIds: left, updatedAt: now });
    const entry = { orgId, actor: 'system', action: 'mandate.second_ended', subject: receipt, details: { mandateId } };
    await writeAudit(tx, entry, now);
  });
}
