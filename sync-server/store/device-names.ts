// The name of a counter: what people call a PC. Of the counters that work no two are called the same by a change of name.
import { and, eq } from 'drizzle-orm';
import { type Device, sameCounterName } from '../../shared/contract/devices.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { type Caller, deviceView } from './orgs.ts';
import { device } from './schema.ts';
import type { Tx } from './tx.ts';

/**
 * Names a counter: `unknown` if the org has none of that id, `taken` if another one that is not revoked is called so. The name
 * that it has already changes nothing. Counters are locked, so that of two at once the second sees the first one's name.
 */
export async function renameDevice(
  tx: Tx,
  by: Pick<Caller, 'orgId' | 'deviceId'>,
  id: string,
  name: string,
  now: Date,
): Promise<Device | 'unknown' | 'taken'> {
  const all = await tx
    .select()
    .from(device)
    .where(eq(device.orgId, by.orgId))
    .orderBy(device.deviceId)
    .for('no key update');
  const before = all.find((row) => row.deviceId === id);
  if (before === undefined) return 'unknown';
  if (before.name === name) return deviceView(before, by.deviceId);
  const others = all.filter((row) => row.deviceId !== id && row.revokedAt === null);
  if (others.some((row) => sameCounterName(row.name, name))) return 'taken';
  await tx
    .update(device)
    .set({ name })
    .where(and(eq(device.orgId, by.orgId), eq(device.deviceId, id)));
  const details = { from: before.name, to: name };
  await writeAudit(tx, { orgId: by.orgId, actor: by.deviceId, action: 'device.renamed', subject: id, details }, now);
  await announceChange(tx, by.orgId);
  return deviceView({ ...before, name }, by.deviceId);
}
