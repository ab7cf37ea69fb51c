// Alarms that are raised by themselves, outside any other change: kept, then told to the log.
import { alarmCatalogue } from '../../shared/contract/alarms.ts';
import type { Parts } from '../parts.ts';
import { countAlarms, type NewAlarm, raiseAlarm } from '../store/alarms.ts';
import type { Tx } from '../store/tx.ts';

export type AlarmParts = Pick<Parts, 'database' | 'clock' | 'metrics' | 'log'>;

/** `also`: what is written in the same transaction. */
export async function soundAlarm(parts: AlarmParts, alarm: NewAlarm, also?: (tx: Tx) => Promise<void>): Promise<void> {
  const { inOrg, unscoped } = parts.database;
  const keep = async (tx: Tx) => {
    await also?.(tx);
    return raiseAlarm(tx, alarm, parts.clock.now());
  };
  const { times } = alarm.orgId === null ? await unscoped.transaction(keep) : await inOrg(alarm.orgId, keep);
  parts.log.error({ ...alarm, times }, `alarm: ${alarmCatalogue[alarm.kind].meaning}`);
}

/** Brings the metrics of all alarms up to date; how many are open. */
export async function countOpenAlarms(parts: AlarmParts): Promise<number> {
  const counts = await countAlarms(parts.database.acrossOrgs);
  parts.metrics.alarmsCounted(counts);
  return counts.reduce((sum, { open }) => sum + open, 0);
}
