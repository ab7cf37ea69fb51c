// The log of the desktop app: lines for support, bounded, and never a reason to stop.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fileLog } from '../../../main/hosts/electron/log.ts';
import { appFolder } from './run.ts';

const clock = { now: () => new Date('2026-11-22T09:30:00.000Z') };
const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

test('one JSON line an event, in a folder that is made when it is missing', () => {
  const file = join(appFolder().userData, 'logs', 'counter.log');
  const log = fileLog(file, clock);
  log('info', 'started');
  rmSync(join(file, '..'), { recursive: true });
  log('warn', 'a page died', { reason: 'oom' });
  expect(lines(file)).toEqual([
    '{"at":"2026-11-22T09:30:00.000Z","level":"warn","message":"a page died","reason":"oom"}',
  ]);
});

test('two files at most, the newest lines in the first', () => {
  const file = join(appFolder().userData, 'counter.log');
  const log = fileLog(file, clock);
  const megabyte = 'x'.repeat(1_000_000);
  for (const message of ['first', 'second', 'third']) log('info', message, { megabyte });
  expect(lines(file)).toHaveLength(1);
  expect(lines(file)[0]).toContain('"third"');
  expect(lines(`${file}.before`)[0]).toContain('"second"');
});

test('a file that cannot be written is told to standard error, and nothing is thrown', () => {
  const file = join(appFolder().userData, 'counter.log');
  mkdirSync(file);
  const said = vi.spyOn(console, 'error').mockReturnValue();
  fileLog(file, clock)('error', 'the disk is full');
  expect(said).toHaveBeenCalledWith('error', 'the disk is full', expect.stringContaining('EISDIR'));
  said.mockRestore();
});
