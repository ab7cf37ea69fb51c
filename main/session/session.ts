// Who this counter is: none, active or revoked, with the token opened once at start. A lost key or a revoked token never
// costs data or a dead app: the counter is shown as revoked and can join its org again.
import type { Outbox } from '../outbox/open.ts';
import { readSession, type SavedSession, saveName, saveRevoked, saveSession } from '../outbox/session.ts';
import type { Log, SecretStore } from '../ports.ts';

export type SessionState = 'none' | 'active' | 'revoked';

export interface Session {
  /** Reads what is saved and opens the token. Must be done before anything else. */
  readonly load: () => Promise<void>;
  readonly state: () => SessionState;
  readonly saved: () => SavedSession | null;
  /** Null unless active. */
  readonly token: () => string | null;
  /** True when a token is saved but cannot be opened on this PC any more. */
  readonly tokenLost: () => boolean;
  readonly activate: (fresh: Omit<SavedSession, 'token' | 'revokedAt'>, token: string) => Promise<void>;
  readonly revoke: (at: string) => void;
  /** This counter is called so from now on. */
  readonly rename: (deviceName: string) => void;
}

export function createSession(outbox: Outbox, secrets: SecretStore, log: Log): Session {
  let saved: SavedSession | null = null;
  let token: string | null = null;
  const state = (): SessionState => {
    if (saved === null) return 'none';
    return saved.revokedAt === null && token !== null ? 'active' : 'revoked';
  };
  return {
    async load() {
      saved = readSession(outbox);
      token = saved === null ? null : await open(saved.token, secrets, log);
    },
    state,
    saved: () => saved,
    token: () => (state() === 'active' ? token : null),
    tokenLost: () => saved !== null && saved.revokedAt === null && token === null,
    async activate(fresh, plain) {
      const sealed = await secrets.encrypt(plain);
      const next = { ...fresh, token: sealed, revokedAt: null };
      saveSession(outbox, next);
      saved = next;
      token = plain;
    },
    revoke(at) {
      if (saved === null || saved.revokedAt !== null) return;
      saveRevoked(outbox, at);
      saved = { ...saved, revokedAt: at };
    },
    rename(deviceName) {
      if (saved === null || saved.deviceName === deviceName) return;
      saveName(outbox, deviceName);
      saved = { ...saved, deviceName };
    },
  };
}

async function open(sealed: Uint8Array, secrets: SecretStore, log: Log): Promise<string | null> {
  try {
    return await secrets.decrypt(sealed);
  } catch (error) {
    log('warn', 'the saved token cannot be opened on this PC; the counter must join again', { reason: String(error) });
    return null;
  }
}
