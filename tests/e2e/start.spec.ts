// `npm start`, as somebody does who has just cloned the project.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, Program } from './program.ts';
import { signUp } from './world.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-start-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(port: number) {
  const program = new Program(['main/hosts/start.ts'], { DATA_DIR: folder, PORT: String(port), DISPLAY: '' });
  const [server, counter] = await Promise.all([
    program.line(/^sync server on (http:\/\/\S+)/),
    program.line(/^counter on (http:\/\/\S+)/),
  ]);
  return { program, serverUrl: server[1] ?? '', counterUrl: counter[1] ?? '' };
}

test('starts everything, stops on Ctrl-C within ten seconds, and the second start has all data', async ({ page }) => {
  const port = await freePort();
  const first = await start(port);
  expect(first.serverUrl).toBe(`http://127.0.0.1:${port}`);
  await page.goto(first.counterUrl);
  await signUp(page, 'Kept Medicals');
  const before = Date.now();
  await first.program.end('SIGINT');
  expect(first.program.child.exitCode).toBe(0);
  expect(Date.now() - before).toBeLessThan(10_000);

  const second = await start(port);
  await page.goto(second.counterUrl);
  await expect(page.getByText('Kept Medicals')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Start with PharmaPulse One' })).toBeVisible();
  await second.program.end('SIGINT');
});

test('a port that is taken is told in one line, and another one is used', async () => {
  const port = await freePort();
  const taken = createServer().listen(port, '127.0.0.1');
  try {
    const program = new Program(['main/hosts/start.ts'], { DATA_DIR: folder, PORT: String(port), DISPLAY: '' });
    const [told] = await program.line(new RegExp(`^port ${port} is in use.*`));
    expect(told).toContain('takes');
    const [, url] = await program.line(/^sync server on (http:\/\/\S+)/);
    expect(url).not.toContain(`:${port}`);
    await program.line(/^counter on /);
    await program.end('SIGINT');
  } finally {
    taken.close();
  }
});
