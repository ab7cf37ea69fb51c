// Counters of this pharmacy: always asked of the server, since a stale answer would mislead.
import type { CallOutput } from '../../shared/contract/ipc.ts';
import type { Outbox } from '../outbox/open.ts';
import { saveSetting } from '../outbox/settings.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from '../sync/answer.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';

export interface DeviceParts {
  readonly client: Pick<Client, 'joinCode' | 'devices'>;
  readonly session: Session;
  readonly outbox: Outbox;
  /** The server refused the token; the sync loop will find out the same way. */
  readonly poke: () => void;
}

export async function makeJoinCode(parts: DeviceParts): Promise<CallOutput<'devices.joinCode'>> {
  assertActive(parts);
  return told(parts, await parts.client.joinCode());
}

export async function listDevices(parts: DeviceParts): Promise<CallOutput<'devices.list'>> {
  assertActive(parts);
  const first = told(parts, await parts.client.devices(null));
  const items = [...first.items];
  const seen = new Set<string>();
  let cursor = first.nextCursor;
  while (cursor !== null && !seen.has(cursor)) {
    seen.add(cursor);
    const page = told(parts, await parts.client.devices(cursor));
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  saveSetting(parts.outbox, 'counterNames', Object.fromEntries(items.map(({ id, name }) => [id, name])));
  return { items, nextCursor: null };
}

function told<T>(parts: DeviceParts, answer: Answer<T>): T {
  if (answer.kind === 'unauthorised') parts.poke();
  return answered(answer);
}

function assertActive(parts: DeviceParts): void {
  const state = parts.session.state();
  if (state === 'none') throw new Refused('not_activated', false);
  if (state === 'revoked') throw new Refused('device_revoked', false);
}
