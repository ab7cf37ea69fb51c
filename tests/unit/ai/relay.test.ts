// The relay settles a stream exactly once, however it ends, and lets go of the service.
import { describe, expect, test } from 'vitest';
import type { ChatChunk } from '../../../shared/contract/ai.ts';
import { relay } from '../../../sync-server/ai/relay.ts';
import { createRecord } from '../../../sync-server/ai/stream-record.ts';

const say = (content: string, more: object = {}): ChatChunk => ({
  choices: [{ index: 0, delta: { content } }],
  ...more,
});

function played(chunks: readonly ChatChunk[], fault: Error | null = null) {
  const log: string[] = [];
  const source = (async function* () {
    try {
      for (const chunk of chunks) yield chunk;
      if (fault !== null) throw fault;
    } finally {
      log.push('let go');
    }
  })();
  const record = createRecord();
  const stream = relay({
    first: say('a'),
    rest: source,
    record,
    settle: async (whole) => {
      log.push(`settled ${whole ? 'whole' : 'in part'}`);
      return 'last words';
    },
    onBroken: (error) => log.push((error as Error).message),
  });
  return { log, stream, record };
}

const readAll = async (stream: AsyncGenerator<string>): Promise<string[]> => {
  const all: string[] = [];
  for await (const text of stream) all.push(text);
  return all;
};

describe('a stream', () => {
  test('that comes to its end is settled whole before its last words', async () => {
    const { log, stream, record } = played([say('b'), { choices: [], usage: { total_tokens: 2 } }]);
    expect((await readAll(stream)).map((text) => text.slice(0, 10))).toEqual([
      'data: {"ch',
      'data: {"ch',
      'last words',
    ]);
    expect(log).toEqual(['let go', 'settled whole']);
    expect(record.bytes()).toBe(2);
  });

  test('that breaks off is settled in part, and the reason is told', async () => {
    const { log, stream } = played([say('b')], new Error('cut'));
    expect((await readAll(stream)).at(-1)).toBe('last words');
    expect(log).toEqual(['let go', 'cut', 'settled in part']);
  });

  test.each([1, 2, 3])(
    'that its reader leaves after %i pieces is settled in part, and the service is let go',
    async (n) => {
      const { log, stream, record } = played([say('b'), say('c'), say('d')]);
      for (let read = 0; read < n; read += 1) await stream.next();
      await stream.return();
      expect(log.filter((line) => line.startsWith('settled'))).toEqual(['settled in part']);
      expect(record.bytes()).toBe(n);
      // A generator that was never asked for anything has nothing to let go.
      if (n > 1) expect(log).toContain('let go');
    },
  );

  test('that its reader leaves at the last words stays settled as it was', async () => {
    const { log, stream } = played([]);
    await stream.next();
    expect((await stream.next()).value).toBe('last words');
    await stream.return();
    expect(log).toEqual(['let go', 'settled whole']);
  });

  test('shows no usage on the way', async () => {
    const { stream } = played([say('b', { usage: { prompt_tokens: 1, completion_tokens: 1 } })]);
    expect((await readAll(stream)).join('')).not.toContain('usage');
  });

  test('whose service fails at being let go is settled all the same', async () => {
    const log: string[] = [];
    const rest: AsyncGenerator<ChatChunk, void, undefined> = Object.assign(
      (async function* (): AsyncGenerator<ChatChunk, void, undefined> {
        yield say('b');
      })(),
      { return: () => Promise.reject(new Error('cannot stop')) },
    );
    const settle = async (whole: boolean) => {
      log.push(`settled ${whole}`);
      return '';
    };
    const stream = relay({ first: say('a'), rest, record: createRecord(), settle, onBroken: () => undefined });
    await stream.next();
    await stream.return();
    expect(log).toEqual(['settled false']);
  });
});
