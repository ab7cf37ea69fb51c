// The main job, as a pharmacist does it: real browser, real counter programs, real server, real PostgreSQL, test money.
import { expect } from '@playwright/test';
import { doMainJob } from './main-job.ts';
import { payHere, test } from './world.ts';

test('a pharmacy buys the plan offline, survives a restart, pays, tops up, and a second counter sees it all', async ({
  world,
  problems,
}) => {
  await doMainJob(world, payHere);
  expect(problems).toEqual([]);
});
