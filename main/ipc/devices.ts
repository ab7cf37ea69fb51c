// Counters of this pharmacy. The server is asked each time; where it does not answer, its last list is shown as what it is.
// Names and removals are the server's to make, so neither is queued: a removal must not come a week later.
import type { Device } from '../../shared/contract/devices.ts';
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import type { Outbox } from '../outbox/open.ts';
import { readSetting, saveSetting } from '../outbox/settings.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session/session.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import type { Answer, Failure } from '../sync/answer.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';

export interface DeviceParts {
  readonly client: Pick<Client, 'joinCode' | 'devices' | 'renameDevice' | 'removeDevice'>;
  readonly session: Session;
  readonly outbox: Outbox;
  readonly time: TrustedTime;
  /** The server refused the token; the sync loop will find out the same way. */
  readonly poke: () => void;
  /** This counter is called otherwise, or is none of the pharmacy any more. */
  readonly changed: () => void;
}

export async function makeJoinCode(parts: DeviceParts): Promise<CallOutput<'devices.joinCode'>> {
  assertActive(parts);
  return told(parts, await parts.client.joinCode());
}

export async function listDevices(parts: DeviceParts): Promise<CallOutput<'devices.list'>> {
  const state = parts.session.state();
  if (state === 'none') throw new Refused('not_activated', false);
  const kept = keptList(parts);
  if (state === 'revoked') {
    if (kept === null) throw new Refused('device_revoked', false);
    return kept;
  }
  const asked = await askList(parts);
  if (asked.kind === 'ok') return { items: asked.value, nextCursor: null, asOf: null };
  if (asked.kind === 'unauthorised') parts.poke();
  return kept ?? answered(asked);
}

export async function renameDevice(parts: DeviceParts, wish: CallInput<'devices.rename'>): Promise<Device> {
  assertActive(parts);
  const renamed = told(parts, await parts.client.renameDevice(wish.id, { name: wish.name }));
  keep(parts, (items) => items.map((item) => (item.id === renamed.id ? renamed : item)));
  heardName(parts, [renamed]);
  return renamed;
}

/** Removed itself, the counter knows at once, and not when its token is refused. */
export async function revokeDevice(parts: DeviceParts, id: string): Promise<CallOutput<'devices.revoke'>> {
  assertActive(parts);
  told(parts, await parts.client.removeDevice(id));
  const now = parts.time.now().toISOString();
  keep(parts, (items) => items.map((item) => (item.id === id ? { ...item, revokedAt: item.revokedAt ?? now } : item)));
  if (id === parts.session.saved()?.deviceId) {
    parts.session.revoke(now);
    parts.changed();
    parts.poke();
  }
  return {};
}

/** All pages; a list is kept whole or not at all. */
async function askList(parts: DeviceParts): Promise<{ kind: 'ok'; value: Device[] } | Failure> {
  const items: Device[] = [];
  const seen = new Set<string | null>();
  let cursor: string | null = null;
  do {
    seen.add(cursor);
    const page: Awaited<ReturnType<Client['devices']>> = await parts.client.devices(cursor);
    if (page.kind !== 'ok') return page;
    items.push(...page.value.items);
    cursor = page.value.nextCursor;
  } while (cursor !== null && !seen.has(cursor));
  saveSetting(parts.outbox, 'counters', { at: parts.time.now().toISOString(), items });
  heardName(parts, items);
  return { kind: 'ok', value: items };
}

/** As it was listed last, with what this PC knows better: which counter it is, and whether it was removed since. */
function keptList({ outbox, session }: DeviceParts): CallOutput<'devices.list'> | null {
  const kept = readSetting(outbox, 'counters');
  if (kept === null) return null;
  const own = session.saved();
  const items = kept.items.map((item) => {
    const current = item.id === own?.deviceId;
    return { ...item, current, revokedAt: item.revokedAt ?? (current ? (own?.revokedAt ?? null) : null) };
  });
  return { items, nextCursor: null, asOf: kept.at };
}

function keep({ outbox }: DeviceParts, change: (items: Device[]) => Device[]): void {
  const kept = readSetting(outbox, 'counters');
  if (kept !== null) saveSetting(outbox, 'counters', { ...kept, items: change(kept.items) });
}

/** Another counter may have given this one its name. */
function heardName({ session, changed }: DeviceParts, items: readonly Device[]): void {
  const own = items.find(({ id }) => id === session.saved()?.deviceId);
  if (own === undefined || own.name === session.saved()?.deviceName) return;
  session.rename(own.name);
  changed();
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
