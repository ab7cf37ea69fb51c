// An operator has looked at an alarm and says that it is done. The row stays for ever.
import type { AlarmItem } from '../../shared/contract/alarms.ts';
import type { Parts } from '../parts.ts';
import { closeAlarm, findAlarm } from '../store/alarms.ts';
import type { Tx } from '../store/tx.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';

/** Closing one that is closed changes nothing, and is answered with how it was closed. */
export async function closeAlarmOf(
  parts: Pick<Parts, 'database' | 'clock'>,
  alarmId: number,
): Promise<Verdict<AlarmItem>> {
  const { acrossOrgs, inOrg, unscoped } = parts.database;
  const found = await findAlarm(acrossOrgs, alarmId);
  if (found === null) return refuse('not_found');
  const close = (tx: Tx) => closeAlarm(tx, alarmId, 'operator', parts.clock.now());
  await (found.orgId === null ? unscoped.transaction(close) : inOrg(found.orgId, close));
  const after = await findAlarm(acrossOrgs, alarmId);
  if (after === null) throw new Error(`alarm ${alarmId} vanished`);
  return accept(after);
}
