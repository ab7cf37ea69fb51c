// What a test of looks and alarms asks of a server: that time passes, that the operator reconciles, what alarms there are.
import type { AlarmItem, ReconcileAnswer } from '../../../shared/contract/alarms.ts';
import { adminToken, bearer } from '../admin/operator.ts';
import type { Answer, Started } from './started.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

const asOperator = { headers: { authorization: bearer(adminToken) } };
export const reconcile = (server: Started): Promise<Answer<ReconcileAnswer>> =>
  server.request('POST', '/api/admin/reconcile', asOperator);

/** The open alarms of a kind about one thing. */
export async function alarmsAbout(server: Started, kind: string, subject: string): Promise<AlarmItem[]> {
  const { body } = await server.request<{ items: AlarmItem[] }>('GET', '/api/admin/alarms?limit=200', asOperator);
  return body.items.filter((alarm) => alarm.kind === kind && alarm.subject === subject);
}

/** Moves the clock and lets everything happen that is due then. */
export async function pass(server: Started, milliseconds: number): Promise<void> {
  server.clock.advance(milliseconds);
  await server.settle();
}
