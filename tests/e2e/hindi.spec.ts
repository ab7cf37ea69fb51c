// The main job in Hindi, offline first: once with the mouse, once with the keys alone. The language is chosen where the counter
// is set up, as somebody does whose Windows speaks English.
import { expect } from '@playwright/test';
import { text as hi } from '../../renderer/text/hi/language.ts';
import { keys, mouse } from './hands.ts';
import { doMainJob } from './main-job.ts';
import { payInHindi, test } from './world.ts';

test('the main job in Hindi, with the mouse', async ({ world, problems }) => {
  await doMainJob(world, payInHindi, { say: hi, hands: mouse, language: 'hi' });
  expect(problems).toEqual([]);
});

test('the main job in Hindi, with the keyboard alone', async ({ world, problems }) => {
  test.slow();
  await doMainJob(world, (pay) => payInHindi(pay, keys), { say: hi, hands: keys, language: 'hi' });
  expect(problems).toEqual([]);
});
