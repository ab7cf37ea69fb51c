// What was streamed, put together again: the same however it was cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChatChunk, chatChunk } from '../../../shared/contract/ai.ts';
import { createRecord } from '../../../sync-server/ai/stream-record.ts';
import { generated } from '../server/seed.ts';

const chunk = (choices: object[], more: object = {}): ChatChunk =>
  chatChunk.parse({ id: 'c1', model: 'm', choices, ...more });
const recordOf = (chunks: readonly ChatChunk[]) => {
  const record = createRecord();
  for (const one of chunks) record.add(one);
  return record;
};

describe('a recorded stream', () => {
  test('says the same text for each choice, however it was cut and mixed', () => {
    const said = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.string({ unit: 'grapheme', maxLength: 8 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(said, (pieces) => {
        const record = recordOf(pieces.map(([index, content]) => chunk([{ index, delta: { content } }])));
        const expected = new Map<number, string>();
        for (const [index, content] of pieces) expected.set(index, (expected.get(index) ?? '') + content);
        const [first] = record.pieces() as { choices: { index: number; delta: { content: string } }[] }[];
        expect(new Map((first?.choices ?? []).map(({ index, delta }) => [index, delta.content]))).toEqual(expected);
        expect(record.bytes()).toBe(Buffer.byteLength([...expected.values()].join(''), 'utf8'));
      }),
      generated(300),
    );
  });

  test('keeps role, tool calls by their index, and why each choice ended', () => {
    const record = recordOf([
      chunk([{ delta: { role: 'assistant', content: null, tool_calls: [] } }]),
      chunk([
        { delta: { role: 'assistant', tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] } },
      ]),
      chunk([{ delta: { tool_calls: [{ index: 1, id: 'b', function: { name: 'g', arguments: '[' } }] } }]),
      chunk([{ delta: { tool_calls: [{ index: 0, function: { arguments: '{}' } }] } }]),
      chunk([{ delta: { tool_calls: [{ index: 1, id: 'b', function: { arguments: ']' } }] } }]),
      chunk([{ delta: {}, finish_reason: 'tool_calls', logprobs: null }], { model: 'other' }),
      chunk([], { usage: { prompt_tokens: 3, completion_tokens: 4 } }),
    ]);
    expect(record.pieces()).toEqual([
      {
        id: 'c1',
        model: 'm',
        choices: [
          {
            index: 0,
            delta: {
              role: 'assistant',
              content: null,
              tool_calls: [
                { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } },
                { index: 1, id: 'b', function: { name: 'g', arguments: '[]' } },
              ],
            },
            finish_reason: null,
          },
        ],
      },
      { id: 'c1', model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls', logprobs: null }] },
    ]);
    expect(record.usage()).toEqual({ prompt_tokens: 3, completion_tokens: 4 });
  });

  test('of nothing says nothing, and a field called __proto__ changes nothing', () => {
    expect(createRecord().pieces()).toEqual([]);
    expect(createRecord().usage()).toBeNull();
    const delta = JSON.parse('{"__proto__":{"content":"x"},"content":"a"}') as Record<string, unknown>;
    const [first] = recordOf([{ choices: [{ index: 0, delta }] }]).pieces();
    expect(first).toEqual({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] });
  });
});
