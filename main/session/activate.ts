// Sign-up and join: turns a counter that is nobody into one of an org. The only requests that are made without a token,
// and the only ones that the user waits for, since nothing can be shown before.
import { createHash } from 'node:crypto';
import type { SignUpRequest } from '../../shared/contract/devices.ts';
import type { ToldActivation } from '../../shared/contract/told-status.ts';
import type { Outbox } from '../outbox/open.ts';
import { forgetSetting, readSetting, saveSetting } from '../outbox/settings.ts';
import type { Ids, Log, SecretStore } from '../ports.ts';
import { Refused } from '../refused.ts';
import type { Answer } from '../sync/answer.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';
import { forgetClaims } from './claims.ts';
import type { Session } from './session.ts';
import type { TrustedTime } from './trusted-time.ts';

export interface ActivateParts {
  readonly client: Pick<Client, 'signUp' | 'join' | 'removeDevice'>;
  readonly session: Session;
  readonly outbox: Outbox;
  readonly secrets: SecretStore;
  readonly time: TrustedTime;
  readonly ids: Ids;
  readonly log: Log;
}

/** A new org on this counter. Throws `Refused`; `already_activated` also when this counter holds an org's data. */
export async function signUp(parts: ActivateParts, input: SignUpRequest): Promise<void> {
  if (parts.session.saved() !== null) throw new Refused('already_activated', false);
  await activate(parts, input.deviceName, input.legalName, input, (key) => parts.client.signUp(input, key));
}

/** Joins by code. A revoked counter may join again, but only the org whose data it holds. */
export async function join(parts: ActivateParts, code: string, deviceName: string): Promise<void> {
  if (parts.session.state() === 'active') throw new Refused('already_activated', false);
  const request = { code, deviceName };
  await activate(parts, deviceName, null, request, (key) => parts.client.join(request, key));
}

async function activate(
  parts: ActivateParts,
  deviceName: string,
  orgName: string | null,
  request: unknown,
  send: (key: string) => Promise<Answer<ToldActivation>>,
): Promise<void> {
  await assertSecretsWork(parts);
  const answer = answered(await send(keyFor(parts, request)));
  const before = parts.session.saved();
  if (before !== null && before.orgId !== answer.orgId) {
    const removed = await parts.client.removeDevice(answer.deviceId, answer.deviceToken);
    parts.log('warn', 'a code of another pharmacy was refused', { removed: removed.kind });
    throw new Refused('already_activated', false, { orgId: before.orgId });
  }
  const { orgId, branchId, deviceId, entitlementKeys } = answer;
  const name = orgName ?? before?.orgName ?? null;
  await parts.session.activate(
    { orgId, orgName: name, branchId, deviceId, deviceName, entitlementKeys },
    answer.deviceToken,
  );
  forgetClaims(parts.outbox);
  parts.time.contact(answer.serverTime);
  forgetSetting(parts.outbox, 'activation');
}

/** Before anything is made at the server: a token that cannot be kept would be an activation lost. */
async function assertSecretsWork(parts: ActivateParts): Promise<void> {
  try {
    await parts.secrets.decrypt(await parts.secrets.encrypt('can a secret be kept here?'));
  } catch (error) {
    parts.log('error', 'secrets cannot be kept on this PC', { reason: String(error) });
    throw new Refused('storage_failed', true);
  }
}

/** Saved before it is sent: the same request after a lost answer carries the same key and makes nothing twice. */
function keyFor(parts: ActivateParts, request: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const saved = readSetting(parts.outbox, 'activation');
  if (saved?.digest === digest) return saved.key;
  const key = parts.ids.key();
  saveSetting(parts.outbox, 'activation', { digest, key });
  return key;
}
