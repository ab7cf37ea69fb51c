// The audit log: who did what to whom, and every alarm. Written in the transaction of the deed.

import { billingAuditLog } from './schema.ts';
import type { Tx } from './tx.ts';

export interface AuditRow {
  readonly orgId: string;
  /** Device id, `system`, `provider` or `operator`. */
  readonly actor: string;
  /** What was done, e.g. `purchase.settled`; alarms begin with `alarm.`. */
  readonly action: string;
  readonly subject: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
}

export async function writeAudit(tx: Tx, row: AuditRow, now: Date): Promise<void> {
  await tx.insert(billingAuditLog).values({ ...row, details: row.details ?? {}, at: now });
}
