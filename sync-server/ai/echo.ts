// The built-in model of the sandbox: says back what it was told. Answers at once, in pieces of a word.
import type { ChatChunk, ChatRequest } from '../../shared/contract/ai.ts';
import type { Clock } from '../clock.ts';
import { countTokens, mostTokensOf, promptBytes } from './tokens.ts';
import type { Upstream } from './upstream.ts';

export function echoModel(clock: Clock): Upstream {
  const about = (request: ChatRequest, object: string) => ({
    id: 'chatcmpl-echo',
    object,
    created: Math.floor(clock.now().getTime() / 1000),
    model: request.model,
  });
  return {
    complete: async (request) => {
      const { words, finish, usage } = speak(request);
      const message = { role: 'assistant', content: words.join('') };
      return {
        ...about(request, 'chat.completion'),
        choices: each(request, (index) => ({ index, message, finish_reason: finish })),
        usage,
      };
    },
    stream: async function* (request): AsyncGenerator<ChatChunk, void, undefined> {
      const { words, finish, usage } = speak(request);
      const head = about(request, 'chat.completion.chunk');
      const piece = (delta: Record<string, unknown>, finish_reason: string | null) => ({
        ...head,
        choices: each(request, (index) => ({ index, delta, finish_reason })),
      });
      yield piece({ role: 'assistant', content: '' }, null);
      for (const content of words) yield piece({ content }, null);
      yield piece({}, finish);
      yield { ...head, choices: [], usage };
    },
  };
}

function each<T>(request: ChatRequest, make: (index: number) => T): T[] {
  return Array.from({ length: request.n ?? 1 }, (_, index) => make(index));
}

/** The last message's text, word by word with the blanks before them, cut at the limit: one word counts as one token. */
function speak(request: ChatRequest) {
  const said = `echo: ${textOf(request)}`.match(/\s*\S+/g) ?? [];
  const words = said.slice(0, mostTokensOf(request));
  const prompt_tokens = countTokens(promptBytes(request));
  const completion_tokens = words.length * (request.n ?? 1);
  return {
    words,
    finish: words.length < said.length ? 'length' : 'stop',
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

function textOf({ messages }: ChatRequest): string {
  const content = messages.at(-1)?.content ?? '';
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part.text === 'string' ? part.text : '')).join(' ');
}
