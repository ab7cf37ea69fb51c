import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptPageToken } from '../../../main/hosts/browser/page-token.ts';
import { makeToken } from '../../../main/hosts/machine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-page-token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a counter has the same token at every start, so that an open page finds it again, and another counter another one', () => {
  const token = keptPageToken(folder, makeToken);
  expect(keptPageToken(folder, makeToken)).toBe(token);
  expect(keptPageToken(mkdtempSync(join(folder, 'other-')), makeToken)).not.toBe(token);
});

test('only this user may read the token, also where the file was readable for all', () => {
  const path = join(folder, 'page-token');
  keptPageToken(folder, makeToken);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  keptPageToken(folder, makeToken);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(['', 'short', `${'a'.repeat(42)}\n`, 'a'.repeat(44)])(
  'a token that is none (%j) is made anew, and is kept then',
  (held) => {
    writeFileSync(join(folder, 'page-token'), held);
    const token = keptPageToken(folder, makeToken);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(keptPageToken(folder, makeToken)).toBe(token);
  },
);
