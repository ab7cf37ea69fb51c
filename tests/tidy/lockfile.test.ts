// The lockfile: whole for every platform, and free of addresses.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };

test('every package that another platform needs is in the lockfile; if not, run "node .ci/complete-lockfile.mjs"', () => {
  const missing = Object.values(packages)
    .flatMap((locked) => Object.keys(locked.optionalDependencies ?? {}))
    .filter((name) => !(`node_modules/${name}` in packages));
  expect(missing).toEqual([]);
});

test('no registry is named: every machine uses its own', () => {
  const named = Object.entries(packages).filter(([, locked]) => locked.resolved !== undefined);
  expect(named).toEqual([]);
});

test('every direct dependency has an exact version', () => {
  const own = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...own.dependencies, ...own.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});
