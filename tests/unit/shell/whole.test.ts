// The entry and the counter as they stand, and as they are built for the installer, each in a process of its own without
// vitest's module system.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { calls } from '../../../shared/contract/ipc.ts';
import { parse, root } from '../../tidy/source.ts';
import { appFolder } from './run.ts';

const run = promisify(execFile);

async function startAndQuit(appPath: string, userData: string, ...built: string[]) {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'child.ts'), appPath, userData, ...built]);
  const { overview, ...rest } = JSON.parse(stdout);
  const { session } = calls['overview.get'].output.parse(overview.value);
  expect(session).toMatchObject({ state: 'none', serverUrl: 'http://127.0.0.1:1', appVersion: '9.8.7' });
  expect(rest).toEqual({
    nonsense: { ok: false, error: { code: 'bad_call', retryable: false } },
    answered: false,
    exitCode: 0,
    errors: [],
  });
}

test('the app starts on an empty folder, answers its page only, ends, and starts again on the same data', {
  timeout: 60_000,
}, async () => {
  const { appPath, userData } = appFolder();
  await startAndQuit(appPath, userData);
  await startAndQuit(appPath, userData);
});

test('as built it is two files that need nothing but Electron, Node and better-sqlite3, and it runs', {
  timeout: 60_000,
}, async () => {
  const { appPath, userData } = appFolder();
  const out = (name: string) => join(appPath, 'out', name);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  for (const name of ['main', 'preload']) {
    const config = [
      '--config',
      join(root, `main/vite.${name}.config.ts`),
      '--outDir',
      out(name),
      '--logLevel',
      'error',
    ];
    await run(process.execPath, [vite, 'build', ...config]);
    expect(readdirSync(out(name))).toEqual(['index.js']);
  }
  const imports = (name: string) =>
    new Set(
      parse('index.js', readFileSync(join(out(name), 'index.js'), 'utf8')).imports.map(({ specifier }) => specifier),
    );
  const fromNode = (specifier: string) => builtinModules.includes(specifier.replace(/^node:/, ''));
  expect([...imports('main')].filter((one) => !fromNode(one)).sort()).toEqual(['better-sqlite3', 'electron']);
  expect([...imports('preload')]).toEqual(['electron']);
  await startAndQuit(appPath, userData, join(out('main'), 'index.js'), join(out('preload'), 'index.js'));
});
