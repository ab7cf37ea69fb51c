// A view of the counter as last answered, and the reader that asks for it: one question at a time, asked once more if
// something changed meanwhile. What was answered before stays visible when a later question fails.
import type { Refusal, Result } from '../../shared/contract/result.ts';

export interface View<T> {
  readonly value: T | null;
  /** Of the last question, null when it was answered. */
  readonly error: Refusal | null;
  readonly asking: boolean;
  /** Monotonic reading when `value` was answered. */
  readonly answeredAt: number | null;
}

export const emptyView: View<never> = { value: null, error: null, asking: false, answeredAt: null };

export interface Reader {
  /** Asks now, or once more after the question under way. */
  readonly read: () => Promise<void>;
  /** Asks before anybody looks. What was answered is forgotten when it changes, and is then asked for by whoever looks. */
  readonly prefetch: () => Promise<void>;
  /** Something changed: asks again if anybody ever looked. */
  readonly refresh: () => Promise<void>;
}

export interface ReaderParts<T> {
  readonly ask: () => Promise<Result<T>>;
  readonly put: (change: Partial<View<T>>) => void;
  readonly monotonic: () => number;
}

export function makeReader<T>(parts: ReaderParts<T>): Reader {
  let running: Promise<void> | null = null;
  let again = false;
  let wanted = false;
  let early = false;

  const askOnce = async () => {
    parts.put({ asking: true });
    const result = await parts.ask();
    if (!wanted && !early) parts.put({ asking: false });
    else if (result.ok) parts.put({ value: result.value, error: null, asking: false, answeredAt: parts.monotonic() });
    else parts.put({ error: result.error, asking: false });
  };
  const run = async () => {
    await askOnce();
    // Each round stands for a change that came during the one before, so it ends when the changes do.
    while (again) {
      again = false;
      await askOnce();
    }
    running = null;
  };
  const ask = () => {
    if (running !== null) again = true;
    else running = run();
    return running;
  };
  const read = () => {
    wanted = true;
    return ask();
  };
  return {
    read,
    async prefetch() {
      if (wanted || early) return;
      early = true;
      await ask();
    },
    async refresh() {
      if (wanted) return read();
      if (!early) return;
      early = false;
      parts.put({ value: null, error: null, answeredAt: null });
    },
  };
}
