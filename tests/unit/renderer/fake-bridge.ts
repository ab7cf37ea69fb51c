// A bridge without a transport for tests of the store: what a call answers is decided by the test, call by call.

import type { Link, LinkedBridge } from '../../../renderer/link.ts';
import type { FetchCalls } from '../../../renderer/store/channel.ts';
import type { Notice } from '../../../shared/contract/frames.ts';
import { calls } from '../../../shared/contract/ipc.ts';

export interface FakeBridge extends LinkedBridge {
  readonly asked: { readonly call: string; readonly input: unknown; readonly answer: (result: unknown) => void }[];
  readonly notify: (...topics: Notice['topics']) => void;
  readonly tell: (notice: unknown) => void;
  readonly setLink: (link: Link) => void;
}

/** answers: what each call answers at once; a call that is not among them waits for the test's `answer`. */
export function fakeBridge(answers: Record<string, (input: unknown) => unknown> = {}): FakeBridge {
  const asked: FakeBridge['asked'] = [];
  const listeners = new Set<(notice: unknown) => void>();
  const links = new Set<(link: Link) => void>();
  const tell = (notice: unknown) => {
    for (const listener of listeners) listener(notice);
  };
  return {
    asked,
    tell,
    notify: (...topics) => tell({ type: 'changed', topics }),
    setLink: (link) => {
      for (const listener of links) listener(link);
    },
    call: (call, input) =>
      new Promise((answer) => {
        asked.push({ call, input, answer });
        const ready = answers[call];
        if (ready !== undefined) answer(ready(input));
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLink: (listener) => {
      links.add(listener);
      return () => links.delete(listener);
    },
  };
}

/** The shapes of all calls, here already. */
export const fetched: FetchCalls = () => Promise.resolve({ calls });

/** Lets everything that waits only for promises run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
