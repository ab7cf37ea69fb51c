// The counter as a program: what it prints, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findElectron } from '../../../main/hosts/electron-binary.ts';
import { freePort } from '../../../main/hosts/free-port.ts';
import { tempFolder } from '../../fakes/played-stage.ts';

const program = join(import.meta.dirname, '../../../main/hosts/counter.ts');

function run(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, '--browser', ...args], { stdio: 'pipe' });
  let text = '';
  const hearing = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      for (const hear of hearing) hear();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const hear = () => {
        const match = pattern.exec(text);
        if (match !== null) resolve(match[1] ?? match[0]);
      };
      hearing.add(hear);
      hear();
      void ended.then(() => reject(new Error(`ended: ${text}`)));
    });
  return { child, ended, said, text: () => text };
}

// Real programs are started here, and a busy machine takes its time.
describe('npm run counter', { timeout: 30_000 }, () => {
  test('it says where it is, and ends with 0 when it is asked to', async () => {
    const first = run('--data', tempFolder(), '--port', '0');
    const url = await first.said(/counter on (http:\S+)/);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{40,}$/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  test('two starts on one data folder: the second says so in one line and ends', async () => {
    const dataDir = tempFolder();
    const first = run('--data', dataDir, '--port', '0');
    await first.said(/counter on/);
    const second = run('--data', dataDir, '--port', '0');
    expect(await second.ended).toBe(1);
    expect(second.text()).toMatch(/^Another counter is already running on the data folder [^\n]+\n$/);
  });

  test('a port that was asked for and is busy ends it in one line', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => busy.close(() => resolve())));
    const { port } = busy.address() as AddressInfo;
    const counter = run('--data', tempFolder(), '--port', String(port));
    expect(await counter.ended).toBe(1);
    expect(counter.text()).toBe(`Port ${port} is in use. Choose another with --port.\n`);
    expect(await freePort('127.0.0.1', port)).not.toBe(port);
  });

  test.each([
    [['--port', 'abc'], /--port/],
    [['--server', 'nonsense'], /--server/],
    [['--nonsense'], /nonsense/],
  ])('%s is refused in one line', async (args, pattern) => {
    const counter = run('--data', tempFolder(), ...args);
    expect(await counter.ended).toBe(1);
    expect(counter.text()).toMatch(pattern);
    expect(counter.text()).not.toMatch(/\n\s+at /);
  });

  test('Electron is found only where its program is', () => {
    const root = tempFolder();
    expect(findElectron(root, 'linux', null)).toBeNull();
    const dist = join(root, 'node_modules', 'electron', 'dist');
    mkdirSync(dist, { recursive: true });
    writeFileSync(join(dist, 'electron'), '');
    expect(findElectron(root, 'linux', null)).toBe(join(dist, 'electron'));
    expect(findElectron(root, 'win32', null)).toBeNull();
    expect(findElectron(root, 'linux', root)).toBeNull();
  });
});
