// One pharmacy's world for a test: a real server process on a database of its own, the sandbox with it, and real counters
// behind a wire that can be cut. Everything that is started here is ended here, by its process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { Client } from 'pg';
import { en } from '../../renderer/text/en.ts';
import { type OpenCounter, openInBrowser, openInElectron } from './counters.ts';
import { electronProgram } from './electron.ts';
import { type Hands, mouse } from './hands.ts';
import { openWire, type Wire } from './network.ts';
import { freePort, Program } from './program.ts';
import { openStripe } from './stripe.ts';

export interface World {
  readonly wire: Wire;
  /** Opens the counter whose files are in the folder of this name. */
  counter(name: string): Promise<OpenCounter>;
  killServer(): Promise<void>;
  startServer(): Promise<void>;
  sql<T extends object>(text: string, values?: unknown[]): Promise<T[]>;
  post(path: string, body: unknown): Promise<unknown>;
  end(): Promise<void>;
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

type Opener = (place: { dataDir: string; serverUrl: string }) => Promise<OpenCounter>;

/** Whose checkout takes the money: the server's own sandbox, or a program of its own in Stripe's place. */
export type PaidThrough = 'sandbox' | 'stripe';

async function openWorld(open: Opener, paidThrough: PaidThrough): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-world-'));
  const databaseUrl = await makeDatabase();
  const port = await freePort();
  const own = `http://127.0.0.1:${port}`;
  const wire = await openWire(own);
  const stripe = paidThrough === 'stripe' ? await openStripe(folder, own) : null;
  const counters: OpenCounter[] = [];
  let server: Program | null = null;
  const startServer = async () => {
    server = new Program(['sync-server/index.ts'], {
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(folder, 'server'),
      PORT: String(port),
      PUBLIC_URL: wire.url,
      TEST_CLOCK: '1',
      LOG_LEVEL: 'error',
      ...stripe?.settings,
    });
    await server.line(/^listening on /);
  };
  await startServer();
  return {
    wire,
    startServer,
    killServer: async () => server?.end('SIGKILL'),
    counter: async (name) => {
      const counter = await open({ dataDir: join(folder, name), serverUrl: wire.url });
      counters.push(counter);
      return counter;
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
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${own}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    end: async () => {
      for (const counter of counters) await counter.close();
      await server?.end('SIGTERM');
      await stripe?.end();
      await wire.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `world`: fresh for each test. `problems`: what the pages complained of, console errors and policy violations alike. */
export const test = base.extend<{ paidThrough: PaidThrough; world: World; problems: string[] }>({
  paidThrough: ['sandbox', { option: true }],
  world: async ({ context, paidThrough }, use, info) => {
    const open: Opener = (place) => {
      if (info.project.name !== 'electron') return openInBrowser(context, place);
      if (electronProgram === null) throw new Error('there is no Electron');
      return openInElectron(electronProgram, context, place);
    };
    const world = await openWorld(open, paidThrough);
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
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
}

/** Fills in the form of a new pharmacy. */
export async function signUp(page: Page, name = 'Asha Medicals', say = en, hands = mouse): Promise<void> {
  const { activation, overview } = say;
  const { fields } = activation;
  await hands.fill(page.getByLabel(fields.legalName), name);
  await hands.fill(page.getByLabel(fields.address), '12 MG Road, Pune');
  await hands.choose(page.getByLabel(fields.stateCode), '27');
  await hands.fill(page.getByLabel(fields.pin), '411001');
  await hands.fill(page.getByRole('textbox', { name: fields.deviceName }), 'Front counter');
  await hands.press(page.getByRole('button', { name: activation.create }));
  await page.getByRole('heading', { name: overview.start.title }).waitFor();
}

/** From the overview to the panel of a plan that waits for its payment. */
export async function askForPlan(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Buy PharmaPulse One' }).click();
  await page.getByRole('button', { name: /^Buy for ₹15,000/ }).click();
}

export async function payHere(pay: Page): Promise<void> {
  await pay.locator('#pay').click();
  await pay.getByRole('heading', { name: 'Payment received' }).waitFor();
}

/** The counter speaks Hindi, so the page that it opens does, and it does still when it is come back to. */
export async function payInHindi(pay: Page, hands: Hands = mouse): Promise<void> {
  await hands.press(pay.locator('#pay'));
  await pay.getByRole('heading', { name: 'पेमेंट हो गया' }).waitFor();
}
