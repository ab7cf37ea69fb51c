// Ends mandates: the provider is told first, and on its word it is so here. What cannot be told now is refused as
// unavailable, and nothing has changed.
import type { Parts } from '../parts.ts';
import type { Mandates, Outcome, ProviderMandate } from '../providers/port.ts';
import { stageOf } from '../purchase/mandate-machine.ts';
import { writeAudit } from '../store/audit.ts';
import { lockMandate, type MandateKey, mandatesOf } from '../store/mandate-rows.ts';
import { applyNews, closeUnmade } from '../store/mandates.ts';
import type { MandateRow } from '../store/schema-payments.ts';
import { accept, type Verdict } from '../verdict.ts';
import { alone, unavailable } from './ensure-mandate.ts';

/** Ends every mandate of an org; nothing to end is fine. `actor`: the counter that asked for it. */
export async function endAutopay(parts: Parts, orgId: string, actor: string): Promise<Verdict<null>> {
  const all = await parts.database.inOrg(orgId, (tx) => mandatesOf(tx, orgId));
  return endMandates(
    parts,
    all.map(({ row }) => row),
    actor,
  );
}

export async function endMandates(parts: Parts, keys: readonly MandateKey[], actor: string): Promise<Verdict<null>> {
  const { inOrg } = parts.database;
  for (const key of keys) {
    const ended = await alone(parts, key, async () => {
      const row = await inOrg(key.orgId, (tx) => lockMandate(tx, key));
      if (stageOf(row.status) === 'over') return { ok: true as const, value: null };
      const { mandates, name } = parts.provider;
      if (mandates === null || row.provider !== name) return otherProvider(row);
      return endHeld(parts, mandates, row, actor);
    });
    if (!ended.ok) {
      parts.log.warn({ receipt: key.receipt, kind: ended.kind, reason: ended.reason }, 'a mandate was not ended');
      return unavailable(ended.retryAfterSeconds);
    }
  }
  return accept(null);
}

const otherProvider = ({ provider }: MandateRow): Outcome<null> & { ok: false } => ({
  ok: false,
  kind: 'refused',
  reason: `it is at ${provider}, which is not set`,
});

/** For whoever holds the mandate's lock. */
export async function endHeld(
  parts: Parts,
  mandates: Mandates,
  row: MandateRow,
  actor: string,
): Promise<Outcome<null>> {
  const { inOrg } = parts.database;
  const { orgId, receipt } = row;
  const at = await idOf(mandates, row);
  if (!at.ok) return at;
  if (at.value === null) {
    await inOrg(orgId, (tx) => closeUnmade(tx, parts, row));
    return { ok: true, value: null };
  }
  const ended: Outcome<ProviderMandate> = await mandates.cancel(at.value);
  if (!ended.ok) return ended;
  await inOrg(orgId, async (tx) => {
    const details = { mandateId: ended.value.mandateId };
    const now = parts.clock.now();
    await writeAudit(tx, { orgId, actor, action: 'mandate.ended_by_us', subject: receipt, details }, now);
    await applyNews(tx, parts, row, { mandate: ended.value, payment: null }, 'look_up');
  });
  return { ok: true, value: null };
}

/** The provider's id; looked for where an answer was lost; null where there certainly is none. */
async function idOf(mandates: Mandates, row: MandateRow): Promise<Outcome<string | null>> {
  if (row.mandateId !== null || row.attempts === 0) return { ok: true, value: row.mandateId };
  const found = await mandates.find(row.receipt);
  return found.ok ? { ok: true, value: found.value?.mandateId ?? null } : found;
}
