// The command line as a test uses it: a real folder with a real counter's files in it, commands in this process on the real machine's
// ports, or the real program where its exit code and its printed lines matter.
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Counter, createCounter } from '../../../main/counter.ts';
import { keyFileSecrets } from '../../../main/hosts/browser/key-file.ts';
import { type Outcome, runCommand } from '../../../main/hosts/cli/run.ts';
import { talkTo } from '../../../main/hosts/cli/talk.ts';
import { readWords } from '../../../main/hosts/cli/words.ts';
import { keyBytes, thisMachine } from '../../../main/hosts/machine.ts';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { root } from '../../e2e/program.ts';
import { PlayedFiles, pharmacy, tempFolder } from '../../fakes/played-stage.ts';
import type { Started } from '../server/started.ts';

/** Nobody listens there. */
export const noServer = 'http://127.0.0.1:9';

function partsOf(dataDir: string, serverUrl: string) {
  const secrets = keyFileSecrets(dataDir, keyBytes);
  const desk = { openExternal: async () => false, files: new PlayedFiles(), log: () => undefined };
  return { ...thisMachine(), ...desk, dataDir, serverUrl, appVersion: '0.1.0', secrets };
}

/** One command, in this process. */
export function run(dataDir: string, serverUrl: string, line: string): Promise<Outcome> {
  const [, words = line, key = null] = /^(.*) --key (\S+)$/.exec(line) ?? [];
  const read = readWords(words.split(' '), key);
  if (read === 'help' || !read.ok) throw new Error(`${line} is no command`);
  return runCommand(read.command, partsOf(dataDir, serverUrl));
}

export interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** One command as the program; `kill` ends it as a power cut would. */
export function program(dataDir: string, serverUrl: string, line: string) {
  const args = [...line.split(' '), '--data', dataDir, '--server', serverUrl];
  const child = spawn(process.execPath, [join(root, 'main/hosts/counter.ts'), ...args], { cwd: root });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    said.out += more;
  });
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said.err += more;
  });
  const ended = new Promise<Ran>((resolve) => child.once('close', (exit) => resolve({ exit, ...said })));
  const kill = () => child.kill('SIGKILL');
  onTestFinished(async () => {
    kill();
    await ended;
  });
  return { ended, kill };
}

/** A folder on which a pharmacy has signed up, and which no counter runs on. `plan`: bought and paid. */
export async function signedUp(server: Started, plan = true): Promise<string> {
  const dataDir = join(tempFolder(), 'data');
  await withCounter(dataDir, server.url, async ({ call }) => {
    await call('session.signUp', pharmacy);
  });
  if (!plan) return dataDir;
  const { id } = dataOf(await run(dataDir, server.url, 'queue plan --key the-plan'));
  await run(dataDir, server.url, 'sync');
  await pay(server, id);
  await run(dataDir, server.url, 'sync');
  return dataDir;
}

async function withCounter(dataDir: string, url: string, use: (talk: ReturnType<typeof talkTo>) => Promise<void>) {
  const counter: Counter = createCounter(partsOf(dataDir, url));
  await counter.start();
  await use(talkTo(counter));
  await counter.stop();
}

/** The purchase that a command answered with; fails with its words where it has none. */
export function dataOf(outcome: Outcome): PurchaseView {
  if (outcome.exit !== 0) throw new Error(`${outcome.exit}: ${outcome.lines.join()}`);
  return outcome.data as PurchaseView;
}

export async function pay(server: Started, id: string): Promise<void> {
  const orders = await server.sql<{ id: string }>(
    'select provider_order_id as id from purchase where purchase_id = $1',
    [id],
  );
  await server.play(orders[0]?.id ?? '', 'pay');
  await server.settle();
}

export interface AtServer {
  readonly id: string;
  readonly quantity: number;
  readonly state: string;
}

/** The credits that the server knows this folder's pharmacy to have asked for. */
export async function creditsAtServer(server: Started, dataDir: string): Promise<AtServer[]> {
  const { orgId } = (await run(dataDir, noServer, 'status')).data as { orgId: string };
  return server.sql<AtServer>(
    "select purchase_id as id, quantity, state from purchase where org_id = $1 and sku = 'topup.50k'",
    [orgId],
  );
}

/** A way to the server on which the answer to a purchase is lost for good: `lost` is called when the server has given it. */
export async function losingAnswers(serverUrl: string, lost: () => void): Promise<string> {
  const way = createServer((from, to) => {
    const { method, url = '/', headers } = from;
    const onward = request(new URL(url, serverUrl), { method, headers }, (answer) => {
      if (method === 'POST' && url.startsWith('/api/billing/')) {
        answer.resume().on('end', lost);
        return;
      }
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    // Whoever is killed leaves its requests behind.
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        way.close(() => resolve());
        way.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(way.address() as AddressInfo).port}`;
}
