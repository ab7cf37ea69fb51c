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

  /** As the server answers it. */
  rename(id: string, name: string, token: string | null = null): { readonly status: number; readonly body?: unknown } {
    const all = [...this.#byToken.values()];
    const found = all.find((device) => device.id === id);
    if (found === undefined) return { status: 404 };
    if (all.some((device) => device !== found && device.name === name)) return { status: 400, body: taken };
    found.name = name;
    return { status: 200, body: this.list(token).find((device) => device.id === id) };
  }

  remove(id: string): { readonly status: number } {
    this.revoked.add(id);
    return { status: 204 };
  }
}

const taken = {
  error: {
    code: 'invalid_request',
    message: 'The request is not valid.',
    retryable: false,
    details: { faults: [{ path: 'name', reason: 'another counter has this name' }] },
  },
};

/** Three counters of a pharmacy, as a list shows them: this one, another, and one that was removed. */
export function threeDevices(now: string): Device[] {
  const usual = { branchId: 'br_main', revokedAt: null, current: false };
  return [
    {
      ...{ ...usual, id: 'dev_front', name: 'Front counter', current: true },
      ...{ createdAt: '2026-03-12T06:00:00.000Z', lastSeenAt: now },
    },
    {
      ...{ ...usual, id: 'dev_back', name: 'Back office' },
      ...{ createdAt: '2026-06-01T06:00:00.000Z', lastSeenAt: '2026-11-21T13:00:00.000Z' },
    },
    {
      ...{ ...usual, id: 'dev_old', name: 'Old laptop', revokedAt: '2026-06-01T06:10:00.000Z' },
      ...{ createdAt: '2026-03-20T06:00:00.000Z', lastSeenAt: null },
    },
  ];
}
