// `npm start`: everything that a person needs to try the product, with nothing to set up first. Builds the pages if they
// are missing or old, starts the sync server with its own database, starts the counter on it, and ends both on Ctrl-C.
// It says in one line each what runs where, and never stops what it did not start.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { environmentWith, readEnvironment } from '../config.ts';
import { desktopOpener } from './browser/open-in-desktop.ts';
import { type Child, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { rendererIsCurrent } from './renderer-build.ts';

const root = resolve(import.meta.dirname, '../..');
/** Together under the ten seconds within which everything is to be over. */
const counterPatienceMs = 3_000;
const serverPatienceMs = 6_000;

const environment = readEnvironment();
const running: { readonly name: string; readonly child: Child; readonly patienceMs: number }[] = [];
let leaving = false;

/** The counter first, so that it does not watch its server go. */
async function leave(code: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  for (const { child, patienceMs } of running.splice(0).reverse()) await child.stop(patienceMs);
  process.exit(code);
}

function watch(name: string, child: Child, patienceMs: number): void {
  running.push({ name, child, patienceMs });
  void child.ended.then((how) => {
    if (leaving) return;
    console.error(`the ${name} has ended (${how}); stopping the rest`);
    void leave(1);
  });
}

function buildRenderer(): void {
  if (rendererIsCurrent(root)) return;
  console.log('building the pages …');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'];
  const built = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('The pages could not be built; see above.');
}

async function startServer(): Promise<string> {
  const wanted = Number(environment.serverPort ?? 4400);
  const port = await freePort(environment.serverHost ?? '127.0.0.1', wanted);
  if (port !== wanted) console.log(`port ${wanted} is in use; the sync server takes ${port}`);
  // With test money, time may be test time too: a person can play a year on the sandbox's page.
  const testClock = environment.serverTestClock ?? 'sandbox';
  const env = environmentWith({ PORT: String(port), TEST_CLOCK: testClock });
  const server = startChild(join(root, 'sync-server', 'index.ts'), [], root, env);
  watch('sync server', server, serverPatienceMs);
  const [, url] = await server.line(/listening on (https?:\/\/\S+)/);
  if (url === undefined) throw new Error('the sync server did not say where it listens');
  console.log(`sync server on ${url}`);
  const sandbox = `${url}/sandbox/`;
  if ((await fetch(sandbox)).ok) console.log(`payments by the sandbox, with test money: ${sandbox}`);
  return url;
}

async function startCounter(serverUrl: string): Promise<void> {
  const dataDir = join(resolve(environment.serverDataDir ?? '.data'), 'counter');
  const args = ['--server', serverUrl, '--data', dataDir];
  const counter = startChild(join(root, 'main', 'hosts', 'counter.ts'), args, root, environmentWith({}));
  watch('counter', counter, counterPatienceMs);
  const [, url] = await counter.line(/counter on (http:\/\/\S+)/);
  if (url === undefined) return;
  const opened = await desktopOpener(process.platform, environment.hasDisplay)(url);
  console.log(
    opened
      ? 'the counter is open in your browser; Ctrl-C ends everything'
      : 'open that address in a browser; Ctrl-C ends everything',
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(0));
try {
  buildRenderer();
  await startCounter(await startServer());
} catch (error) {
  // A child that died has been told already, by the watch over it.
  if (!leaving) {
    console.error(error instanceof Error ? error.message : String(error));
    await leave(1);
  }
}
