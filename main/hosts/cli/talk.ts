// Speaks to a counter in this process as its screen would: calls over a channel, each parsed on both ends. For commands that use the
// counter's own core.

import type { CallInput, CallName, CallOutput } from '../../../shared/contract/ipc.ts';
import type { Result } from '../../../shared/contract/result.ts';
import type { Counter } from '../../counter.ts';

export interface Talk {
  readonly call: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>;
}

export function talkTo(counter: Counter): Talk {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let ask: (frame: unknown) => void = () => undefined;
  let lastId = 0;
  counter.serve({
    post(frame) {
      const { id, result } = frame as { id?: number; result?: Result<unknown> };
      if (id === undefined || result === undefined) return;
      waiting.get(id)?.(result);
      waiting.delete(id);
    },
    onMessage(listener) {
      ask = listener;
    },
    close: () => undefined,
  });
  return {
    call(name, input) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        // The core parses each output by the same contract before it posts it.
        waiting.set(id, (result) => resolve(result as Awaited<ReturnType<Talk['call']>> as never));
        ask({ id, call: name, input });
      });
    },
  };
}
