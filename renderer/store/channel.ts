// The bridge with types: every answer and notice is parsed with the shared schemas before anything looks at it. An
// answer that does not fit becomes the refusal `bad_answer`, so that the rest of the screen knows only Results.
import { anyResult, type Notice, notice } from '../../shared/contract/frames.ts';
import type { CallInput, CallName, CallOutput, Calls } from '../../shared/contract/ipc.ts';
import { openingCalls } from '../../shared/contract/opening-calls.ts';
import type { Result } from '../../shared/contract/result.ts';
import type { Link, LinkedBridge } from '../link.ts';

export interface Channel {
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>) => Promise<Result<CallOutput<N>>>;
  readonly onNotice: (listener: (topics: Notice['topics']) => void) => () => void;
  readonly onLink: (listener: (link: Link) => void) => () => void;
}

/** Fetches the shapes of all calls, those of the first sight too. */
export type FetchCalls = () => Promise<{ readonly calls: Calls }>;
const fetchCalls: FetchCalls = () => import('../../shared/contract/ipc.ts');

const refused = (code: string): Result<never> => ({ ok: false, error: { code, retryable: true } });

async function shapesOf(name: CallName, fetch: FetchCalls) {
  if (name === 'overview.get' || name === 'settings.get') return openingCalls[name];
  return (await fetch()).calls[name];
}

/** Rejects where the shapes could not be fetched. */
export async function parseResult<N extends CallName>(
  name: N,
  answer: unknown,
  fetch: FetchCalls = fetchCalls,
): Promise<Result<CallOutput<N>>> {
  const result = anyResult.safeParse(answer);
  if (!result.success) return refused('bad_answer');
  if (!result.data.ok) return result.data;
  const value = (await shapesOf(name, fetch)).output.safeParse(result.data.value);
  // The table gives each call's own schema; the compiler cannot follow that through the index.
  return value.success ? { ok: true, value: value.data as CallOutput<N> } : refused('bad_answer');
}

/** fetch: when the first sight is to come first, it may wait for that. */
export function makeChannel(bridge: LinkedBridge, fetch: FetchCalls = fetchCalls): Channel {
  return {
    ask: async (name, input) => {
      try {
        return await parseResult(name, await bridge.call(name, input), fetch);
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
