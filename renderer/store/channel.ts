// The bridge with types: every answer and notice is parsed with the shared schemas before anything looks at it. An
// answer that does not fit becomes the refusal `bad_answer`, so that the rest of the screen knows only Results.
import { z } from 'zod';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  calls,
  type Notice,
  notice,
} from '../../shared/contract/ipc.ts';
import { type Result, refusal } from '../../shared/contract/result.ts';
import type { Link, LinkedBridge } from '../link.ts';

export interface Channel {
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>;
  readonly onNotice: (listener: (topics: Notice['topics']) => void) => () => void;
  readonly onLink: (listener: (link: Link) => void) => () => void;
}

const refused = (code: string): Result<never> => ({ ok: false, error: { code, retryable: true } });
const refusedResult = z.object({ ok: z.literal(false), error: refusal });
const goodResult = z.object({ ok: z.literal(true), value: z.unknown() });

export function parseResult<N extends CallName>(name: N, answer: unknown): Result<CallOutput<N>> {
  const refusedAnswer = refusedResult.safeParse(answer);
  if (refusedAnswer.success) return refusedAnswer.data;
  const good = goodResult.safeParse(answer);
  if (!good.success) return refused('bad_answer');
  const value = calls[name].output.safeParse(good.data.value);
  // The table gives each call's own schema; the compiler cannot follow that through the index.
  return value.success ? { ok: true, value: value.data as CallOutput<N> } : refused('bad_answer');
}

export function makeChannel(bridge: LinkedBridge): Channel {
  return {
    ask: async (name, input) => {
      try {
        return parseResult(name, await bridge.call(name, input));
      } catch {
        return refused('counter_away');
      }
    },
    onNotice: (listener) =>
      bridge.subscribe((told) => {
        const parsed = notice.safeParse(told);
        if (parsed.success) listener(parsed.data.topics);
      }),
    onLink: (listener) => bridge.onLink(listener),
  };
}
