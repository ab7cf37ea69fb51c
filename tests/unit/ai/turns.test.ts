// Equal requests take turns.
import { describe, expect, test } from 'vitest';
import { oneAtATime } from '../../../sync-server/ai/turns.ts';

const patient = () => new AbortController().signal;

describe('a turn', () => {
  test('is had by one at a time of a name; other names do not wait', async () => {
    const turns = oneAtATime();
    let at = 0;
    let most = 0;
    const order: number[] = [];
    const work = async (name: string, n: number) => {
      const done = await turns.take(name, patient);
      at += 1;
      most = Math.max(most, at);
      await Promise.resolve();
      order.push(n);
      at -= 1;
      done?.();
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => work('one', n)));
    expect(most).toBe(1);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const first = await turns.take('one', patient);
    expect(await turns.take('two', patient)).not.toBeNull();
    first?.();
    expect(await turns.take('one', patient)).not.toBeNull();
  });

  test('is given up by who loses patience, and asks for patience only to wait', async () => {
    const turns = oneAtATime();
    const impatience = new AbortController();
    let asked = 0;
    const patience = () => {
      asked += 1;
      return impatience.signal;
    };
    const done = await turns.take('one', patience);
    expect(asked).toBe(0);
    const waiting = turns.take('one', patience);
    impatience.abort();
    expect(await waiting).toBeNull();
    expect(await turns.take('one', () => AbortSignal.abort())).toBeNull();
    done?.();
    expect(await turns.take('one', patient)).not.toBeNull();
  });

  test('that is ended twice does not end the next one', async () => {
    const turns = oneAtATime();
    const first = await turns.take('one', patient);
    first?.();
    expect(await turns.take('one', patient)).not.toBeNull();
    first?.();
    expect(await turns.take('one', () => AbortSignal.abort())).toBeNull();
  });
});
