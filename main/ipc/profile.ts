// Who stands on the next invoice: always asked of the server and changed there, since an old copy would be printed wrong.
import type { Profile, ProfileRequest } from '../../shared/contract/profile.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from '../sync/answer.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';

export interface ProfileParts {
  readonly client: Pick<Client, 'profile' | 'changeProfile'>;
  readonly session: Session;
  /** Something may be new at the server: a name that was changed, or a token that is not accepted any more. */
  readonly poke: () => void;
}

export async function getProfile(parts: ProfileParts): Promise<Profile> {
  assertActive(parts);
  return told(parts, await parts.client.profile());
}

export async function saveProfile(parts: ProfileParts, wish: ProfileRequest): Promise<Profile> {
  assertActive(parts);
  const profile = told(parts, await parts.client.changeProfile(wish));
  parts.poke();
  return profile;
}

function told<T>(parts: ProfileParts, answer: Answer<T>): T {
  if (answer.kind === 'unauthorised') parts.poke();
  return answered(answer);
}

function assertActive(parts: ProfileParts): void {
  const state = parts.session.state();
  if (state === 'none') throw new Refused('not_activated', false);
  if (state === 'revoked') throw new Refused('device_revoked', false);
}
