// Prices and counts: whole credits, rounded up, never more than what was held for what a request may use.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatRequest } from '../../../shared/contract/ai.ts';
import { estimateOf } from '../../../sync-server/ai/gateway.ts';
import { aiPrices, aiPricesVersion, anyOtherModel, creditsFor, priceOf } from '../../../sync-server/ai/prices.ts';
import { countTokens, promptBytes, reportedUse, textBytes, tokensAtMost } from '../../../sync-server/ai/tokens.ts';
import { generated } from '../server/seed.ts';

const tokens = fc.integer({ min: 0, max: 1_000_000_000 });
const price = fc.constantFrom(...aiPrices.values(), anyOtherModel);

describe('the price table', () => {
  test('has a version, whole prices of at least 1, and no model above the one for models it does not name', () => {
    expect(aiPricesVersion).toBe('2026-11-1');
    expect(aiPrices.size).toBeGreaterThan(3);
    for (const { input, output } of aiPrices.values()) {
      for (const one of [input, output]) expect(Number.isSafeInteger(one) && one >= 1).toBe(true);
      expect(input).toBeLessThanOrEqual(anyOtherModel.input);
      expect(output).toBeLessThanOrEqual(anyOtherModel.output);
    }
    expect([...aiPrices].map(([model, { input, output }]) => `${model} ${input} ${output}`)).toEqual([
      'echo 1 1',
      'gpt-4o 10 40',
      'gpt-4o-mini 1 4',
      'gpt-4.1 8 32',
      'gpt-4.1-mini 2 8',
      'gpt-4.1-nano 1 2',
    ]);
    expect(anyOtherModel).toEqual({ input: 10, output: 40 });
    expect(priceOf('gpt-4o-mini')).toEqual({ input: 1, output: 4 });
    expect(priceOf('a-model-of-tomorrow')).toEqual(anyOtherModel);
    expect(priceOf('constructor')).toEqual(anyOtherModel);
  });
});

describe('credits', () => {
  test.each([
    [0, 0, 1],
    [1, 0, 1],
    [1_000, 0, 1],
    [1_001, 0, 2],
    [0, 250, 1],
    [0, 251, 2],
    [600, 100, 1],
    [601, 100, 2],
    [1_000_000, 1_000_000, 5_000],
  ])('for %i and %i tokens at 1 and 4 are %i', (input, output, credits) => {
    expect(creditsFor({ input: 1, output: 4 }, { input, output })).toBe(credits);
  });

  test('are exactly the price rounded up, by integers beside us', () => {
    fc.assert(
      fc.property(price, tokens, tokens, (at, input, output) => {
        const milli = BigInt(input) * BigInt(at.input) + BigInt(output) * BigInt(at.output);
        const up = (milli + 999n) / 1000n;
        expect(BigInt(creditsFor(at, { input, output }))).toBe(up === 0n ? 1n : up);
      }),
      generated(1_000),
    );
  });

  test('of what cannot be counted are a mistake of ours', () => {
    expect(() => creditsFor({ input: 1, output: 1 }, { input: -5, output: 0 })).toThrow('not countable');
    expect(() => creditsFor({ input: 1, output: 1 }, { input: 0.5, output: 0 })).toThrow('not countable');
    expect(() => creditsFor({ input: 1, output: 1 }, { input: 2 ** 53, output: 0 })).toThrow('not countable');
  });
});

describe('the estimate', () => {
  const asked = fc.record(
    {
      model: fc.constantFrom('gpt-4o-mini', 'gpt-4o', 'any'),
      messages: fc.array(
        fc.record({ role: fc.constant('user'), content: fc.string({ unit: 'grapheme', maxLength: 300 }) }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      max_tokens: fc.integer({ min: 1, max: 5_000 }),
      n: fc.integer({ min: 1, max: 8 }),
    },
    { requiredKeys: ['model', 'messages'] },
  );

  test('covers a token for every byte of the prompt and every answer at its limit, and what we would count ourselves', () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 0, max: 100 }), (body, share) => {
        const request = chatRequest.parse(body);
        const most = (body.n ?? 1) * (body.max_tokens ?? 1_024);
        const at = priceOf(request.model);
        const input = promptBytes(request);
        const used = { input, output: Math.floor((most * share) / 100) };
        expect(estimateOf(request)).toBeGreaterThanOrEqual(creditsFor(at, used));
        expect(countTokens(input)).toBeLessThanOrEqual(tokensAtMost(request).input);
      }),
      generated(500),
    );
  });

  test('takes the limit that was set, in either of its two names, and 1,024 where none was', () => {
    const base = { model: 'echo', messages: [{ role: 'user', content: 'x' }] };
    const most = (more: object) => tokensAtMost(chatRequest.parse({ ...base, ...more })).output;
    expect(most({})).toBe(1_024);
    expect(most({ max_tokens: null, n: null })).toBe(1_024);
    expect(most({ max_tokens: 10 })).toBe(10);
    expect(most({ max_completion_tokens: 20 })).toBe(20);
    expect(most({ max_tokens: 10, n: 3 })).toBe(30);
  });
});

describe('counting', () => {
  test('looks at words only: no pictures, no names of fields', () => {
    const content = [
      { type: 'text', text: 'नमस्ते' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(1_000)}` } },
    ];
    expect(promptBytes(chatRequest.parse({ model: 'm', messages: [{ role: 'user', content }] }))).toBe(18);
    expect(textBytes({ content: 'abc', tool_calls: [{ function: { arguments: '{}' } }], refusal: null })).toBe(5);
    expect([0, 1, 4, 5].map(countTokens)).toEqual([0, 1, 1, 2]);
  });

  test('of a prompt is in bytes, over all messages, with a text, with parts or with nothing in them', () => {
    const bytes = (...contents: unknown[]) =>
      promptBytes(chatRequest.parse({ model: 'm', messages: contents.map((content) => ({ role: 'user', content })) }));
    expect(bytes('abc')).toBe(3);
    expect(bytes('₹5', 'ab')).toBe(6);
    expect(
      bytes([
        { type: 'text', text: '₹' },
        { type: 'text', text: 'ab' },
        { type: 'text', text: 7 },
      ]),
    ).toBe(5);
    expect(bytes(null, undefined, 'x')).toBe(1);
  });

  test('of any value looks into lists and objects, and finds nothing in what is no text', () => {
    for (const none of [null, undefined, 7, true, {}, []]) expect(textBytes(none)).toBe(0);
    expect(textBytes('₹')).toBe(3);
    expect(textBytes(['a', { b: 'bc', c: ['d'] }])).toBe(4);
  });

  test('at most is a token for each byte of the request as JSON', () => {
    const request = chatRequest.parse({ model: 'echo', messages: [{ role: 'user', content: '₹' }] });
    expect(tokensAtMost(request).input).toBe(Buffer.byteLength(JSON.stringify(request)));
    expect(tokensAtMost(request).input).toBe('{"model":"echo","messages":[{"role":"user","content":"x"}]}'.length + 2);
  });

  test('takes what the AI service reports, both counts as they are', () => {
    expect(reportedUse({ prompt_tokens: 5, completion_tokens: 0, more: 1 })).toEqual({ input: 5, output: 0 });
  });

  test.each([
    [undefined],
    [null],
    [{}],
    [{ prompt_tokens: 5 }],
    [{ prompt_tokens: -1, completion_tokens: 5 }],
    [{ prompt_tokens: 1, completion_tokens: 1_000_000_001 }],
    [[1, 2]],
  ])('a usage of %j is none', (usage) => {
    expect(reportedUse(usage)).toBeNull();
  });
});
