// Stopping: each part has its time, and what goes wrong in one does not keep the others from being ended.
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { endWithin } from '../../../sync-server/stopping.ts';

function listening() {
  const said: string[] = [];
  const stream = { write: (line: string) => said.push(String(JSON.parse(line).msg)) };
  return { said, log: Fastify({ logger: { level: 'error', stream } }).log };
}

test('a part that ends in time is waited for, and nothing is said', async () => {
  const { said, log } = listening();
  let ended = false;
  const ending = Promise.resolve().then(() => {
    ended = true;
  });
  await endWithin(10_000, 'part', ending, log);
  expect({ ended, said }).toEqual({ ended: true, said: [] });
});

test('a part that never ends is left behind, and the log says so', async () => {
  const { said, log } = listening();
  await endWithin(1, 'part', new Promise(() => undefined), log);
  expect(said).toEqual(['did not end in time and is left behind']);
});

test('a part that fails to end is told, and the stop goes on', async () => {
  const { said, log } = listening();
  await endWithin(10_000, 'part', Promise.reject(new Error('broken')), log);
  expect(said).toEqual(['did not end well']);
});
