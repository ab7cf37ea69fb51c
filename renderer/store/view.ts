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
  /** Asks again if it was ever asked. */
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

  const askOnce = async () => {
    parts.put({ asking: true });
    const result = await parts.ask();
    if (result.ok) parts.put({ value: result.value, error: null, asking: false, answeredAt: parts.monotonic() });
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
  const read = () => {
    wanted = true;
    if (running !== null) again = true;
    else running = run();
    return running;
  };
  return { read, refresh: () => (wanted ? read() : Promise.resolve()) };
}
