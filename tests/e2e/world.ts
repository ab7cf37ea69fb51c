// One pharmacy's world for a test: a real server process on a database of its own, the sandbox with it, and real counter
// processes behind a wire that can be cut. Everything that is started here is ended here, by its process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { Client } from 'pg';
import { openWire, type Wire } from './network.ts';

const root = resolve(import.meta.dirname, '../..');

export interface CounterProgram {
  /** The page's address, token and all. */
  readonly url: string;
  /** SIGTERM, and waits for the end. */
  close(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface World {
  readonly wire: Wire;
  readonly serverUrl: () => string;
  /** Starts the counter whose files are in the folder of this name. */
  counter(name: string): Promise<CounterProgram>;
  killServer(): Promise<void>;
  startServer(): Promise<void>;
  sql<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  post(path: string, body: unknown): Promise<unknown>;
  end(): Promise<void>;
}

class Program {
  readonly child: ChildProcess;
  private readonly said: string[] = [];

  constructor(args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => this.said.push(chunk.toString('utf8')));
  }

  /** The first line on stdout that fits; fails with what the program said if it ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error('no stdout');
    const lines = createInterface({ input: stdout });
    return new Promise((done, fail) => {
      lines.on('line', (line) => {
        const found = pattern.exec(line);
        if (found !== null) done(found);
      });
      this.child.once('exit', (code) => fail(new Error(`ended with ${code}: ${this.said.join('')}`)));
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('port')),
      );
    });
  });
}

let databases = 0;

async function makeDatabase(): Promise<string> {
  const cluster = process.env.E2E_POSTGRES_URL ?? '';
  databases += 1;
  const name = `e2e_${process.pid}_${databases}`;
  const client = new Client({ connectionString: cluster });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-world-'));
  const databaseUrl = await makeDatabase();
  const port = await freePort();
  const wire = await openWire(`http://127.0.0.1:${port}`);
  const programs: Program[] = [];
  let server: Program | null = null;

  const startServer = async () => {
    server = new Program(['sync-server/index.ts'], {
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, 'server'),
      PORT: String(port),
      TEST_CLOCK: '1',
      LOG_LEVEL: 'error',
    });
    programs.push(server);
    await server.line(/^listening on /);
  };
  await startServer();

  return {
    wire,
    serverUrl: () => `http://127.0.0.1:${port}`,
    startServer,
    killServer: async () => server?.end('SIGKILL'),
    counter: async (name) => {
      const args = ['main/hosts/counter.ts', '--browser', '--data', join(folder, name), '--server', wire.url];
      const program = new Program([...args, '--port', String(await freePort())], {});
      programs.push(program);
      const [, url] = await program.line(/counter on (http:\/\/\S+)/);
      if (url === undefined) throw new Error('the counter did not say where it is');
      return { url, close: () => program.end('SIGTERM'), kill: () => program.end('SIGKILL') };
    },
    sql: async (text, values) => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    post: async (path, body) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    end: async () => {
      for (const program of programs.reverse()) await program.end('SIGTERM');
      await wire.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `world`: fresh for each test. `problems`: what the pages complained of, console errors and policy violations alike. */
export const test = base.extend<{ world: World; problems: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a destructured first argument
  world: async ({}, use) => {
    const world = await openWorld();
    await use(world);
    await world.end();
  },
  problems: async ({ context }, use) => {
    const problems: string[] = [];
    watch(context, problems);
    await use(problems);
  },
});

function watch(context: BrowserContext, problems: string[]): void {
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
}

/** Fills in the form of a new pharmacy. */
export async function signUp(page: Page, name = 'Asha Medicals'): Promise<void> {
  await page.getByLabel('Legal name').fill(name);
  await page.getByLabel('Address').fill('12 MG Road, Pune');
  await page.getByLabel('State').selectOption({ label: 'Maharashtra' });
  await page.getByLabel('PIN code').fill('411001');
  await page.getByRole('textbox', { name: "This counter's name" }).fill('Front counter');
  await page.getByRole('button', { name: 'Create pharmacy' }).click();
  await page.getByRole('heading', { name: 'Start with PharmaPulse One' }).waitFor();
}

/** Opens the payment page of the purchase whose panel is open and goes on to the provider's checkout. */
export async function openCheckout(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Pay now' }).click();
  const pay = await opened;
  await pay.getByRole('button', { name: /^Pay ₹/ }).click();
  await pay.locator('#form').waitFor();
  return pay;
}

export async function payHere(pay: Page): Promise<void> {
  await pay.locator('#pay').click();
  await pay.getByRole('heading', { name: 'Payment received' }).waitFor();
}
