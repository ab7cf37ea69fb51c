// Without an AI service: the sandbox has a built-in model that says back what it is told; a real shop has none.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Started, started, uniqueKey } from '../server/started.ts';
import { balanceOf, chat, clientOf, ownerOf, spentBy } from './stage.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

const hello = { model: 'echo', messages: [{ role: 'user' as const, content: 'two strips of  paracetamol' }] };
const withKey = () => ({ headers: { 'Idempotency-Key': uniqueKey() } });

describe('the echo model', () => {
  test('answers whole, with the client library, and costs a credit', async () => {
    const counter = await ownerOf(server);
    const completion = await clientOf(server, counter).chat.completions.create(hello, withKey());
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'echo',
      created: Math.floor(server.clock.now().getTime() / 1000),
      choices: [{ message: { role: 'assistant', content: 'echo: two strips of  paracetamol' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12, credits: 1 },
    });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_999, held: 0 });
  });

  test('answers in pieces, and stops at the limit', async () => {
    const counter = await ownerOf(server);
    const stream = clientOf(server, counter).chat.completions.stream({ ...hello, max_tokens: 3 }, withKey());
    const { choices } = await stream.finalChatCompletion();
    expect(choices).toMatchObject([{ message: { content: 'echo: two strips' }, finish_reason: 'length' }]);
    expect(await spentBy(counter)).toHaveLength(1);
  });

  test('answers as often as it is asked to, and reads text in parts', async () => {
    const counter = await ownerOf(server);
    const content = [
      { type: 'text' as const, text: 'a' },
      { type: 'text' as const, text: 'b' },
    ];
    const completion = await clientOf(server, counter).chat.completions.create(
      { model: 'echo', n: 3, messages: [{ role: 'user', content }] },
      withKey(),
    );
    expect(completion.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'echo: a b'],
      [1, 'echo: a b'],
      [2, 'echo: a b'],
    ]);
  });
});

test('a server with real payments and no AI_UPSTREAM_URL says unavailable', async () => {
  const shop = await started({
    PAYMENT_PROVIDER: 'razorpay',
    RAZORPAY_KEY_ID: 'rzp_live_x',
    RAZORPAY_KEY_SECRET: 'secret',
    RAZORPAY_WEBHOOK_SECRETS: 'secret',
  });
  try {
    const counter = await shop.signUp();
    const answer = await counter.request('POST', chat, { body: hello, key: uniqueKey() });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  } finally {
    await shop.dispose();
  }
});
