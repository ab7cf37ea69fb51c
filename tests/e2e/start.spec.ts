// `npm start`, as somebody does who has just cloned the project.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, Program } from './program.ts';
import { askForPlan, signUp } from './world.ts';

let folder: string;
let programs: Program[];
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-start-'));
  programs = [];
});
// Also where a test failed before it came to that.
test.afterEach(async () => {
  for (const program of programs) await program.end('SIGINT');
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: Record<string, string> = {}): Program {
  const program = new Program(args, env);
  programs.push(program);
  return program;
}

async function start(port: number) {
  const program = run(['main/hosts/start.ts'], { DATA_DIR: folder, PORT: String(port), DISPLAY: '' });
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
});

test('an open page says in its panel that the counter has ended, and finds it again by itself after the next start', async ({
  page,
}) => {
  const all = await start(await freePort());
  const at = ['--data', join(folder, 'second'), '--server', all.serverUrl, '--port', String(await freePort())];
  const open = () => run(['main/hosts/counter.ts', '--browser', ...at]);
  const first = open();
  await page.goto((await first.line(/^counter on (http:\/\/\S+)/))[1] ?? '');
  await signUp(page);
  await askForPlan(page);
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Pay now' }).click();
  await opened;
  const panel = page.getByRole('dialog');
  const follows = panel.getByText('This window follows the payment.');
  const gone = panel.getByRole('alert').getByText('The counter program is not running');
  await expect(follows).toBeVisible();
  await expect(gone).toHaveCount(0);
  await first.end('SIGKILL');
  await expect(gone).toBeVisible();
  await expect(follows).toHaveCount(0);

  const second = open();
  await second.line(/^counter on /);
  await expect(gone).toHaveCount(0, { timeout: 15_000 });
  await expect(follows).toBeVisible();
  await expect(panel.getByText('Waiting for payment', { exact: true })).toBeVisible();

  await page.keyboard.press('Escape');
  await second.end('SIGKILL');
  await page.getByRole('link', { name: /^Purchases/ }).click();
  await expect(page.getByRole('alert').getByText('The counter program is not running')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pay:/ })).toBeVisible();
  await expect(page.getByRole('alert'), 'it is said once').toHaveCount(1);
});

test('a port that is taken is told in one line, and another one is used', async () => {
  const port = await freePort();
  const taken = createServer().listen(port, '127.0.0.1');
  try {
    const program = run(['main/hosts/start.ts'], { DATA_DIR: folder, PORT: String(port), DISPLAY: '' });
    const [told] = await program.line(new RegExp(`^port ${port} is in use.*`));
    expect(told).toContain('takes');
    const [, url] = await program.line(/^sync server on (http:\/\/\S+)/);
    expect(url).not.toContain(`:${port}`);
    await program.line(/^counter on /);
  } finally {
    taken.close();
  }
});
