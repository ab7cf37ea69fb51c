// What the played server knows of a pharmacy's counters: their tokens, what they are called, which were removed.
import type { Device } from '../../shared/contract/devices.ts';

interface Known {
  readonly id: string;
  name: string;
}

export class PlayedDevices {
  readonly revoked = new Set<string>();
  readonly #byToken = new Map<string, Known>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** A new counter, with its token. */
  add(name: string): { readonly id: string; readonly token: string } {
    const id = `dev_${this.#byToken.size + 1}`;
    const token = `token-${id}-${'x'.repeat(20)}`;
    this.#byToken.set(token, { id, name });
    return { id, token };
  }

  of(token: string | null): Readonly<Known> | undefined {
    return token === null ? undefined : this.#byToken.get(token);
  }

  list(token: string | null): Device[] {
    const at = this.#now().toISOString();
    return [...this.#byToken.values()].map(({ id, name }) => ({
      ...{ id, name, branchId: 'br_1', createdAt: at, lastSeenAt: at },
      revokedAt: this.revoked.has(id) ? at : null,
      current: id === this.of(token)?.id,
    }));
  }

  /** Another counter of the pharmacy does it, or the one that asks. */
  rename(id: string, name: string): 'renamed' | 'unknown' | 'taken' {
    const all = [...this.#byToken.values()];
    const found = all.find((device) => device.id === id);
    if (found === undefined) return 'unknown';
    if (all.some((device) => device !== found && device.name === name)) return 'taken';
    found.name = name;
    return 'renamed';
  }
}
