// `npm run counter`: the counter alone. Under Electron where its program is present, else for a browser on this PC.
// Options: --browser (no Electron), --data DIR, --server URL, --port N (of the browser host), --verbose. With a command behind
// them (cli/words.ts) that is done instead, and the program ends.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { environmentWith, readEnvironment } from '../config.ts';
import { createCounter } from '../counter.ts';
import { createFileLinks } from './browser/file-links.ts';
import { keyFileSecrets } from './browser/key-file.ts';
import { desktopOpener } from './browser/open-in-desktop.ts';
import { keptPageToken } from './browser/page-token.ts';
import { type BrowserHost, type BrowserHostParts, startBrowserHost } from './browser/server.ts';
import { exits, runCommand } from './cli/run.ts';
import { meansCommand, readWords, usage } from './cli/words.ts';
import { findElectron } from './electron-binary.ts';
import { keyBytes, lineLog, makeToken, thisMachine } from './machine.ts';

const root = resolve(import.meta.dirname, '../..');
const usualPort = 4410;

interface Options {
  readonly browser: boolean;
  readonly dataDir: string;
  readonly serverUrl: string;
  /** Null: the usual one, or another when that is busy. */
  readonly port: number | null;
  readonly verbose: boolean;
  /** What is to be done instead of starting; none: the counter starts. */
  readonly words: readonly string[];
  /** Of `queue`: the caller's own name for the press. */
  readonly key: string | null;
  /** Of a command: one line of JSON instead of lines for people. */
  readonly json: boolean;
}

/** Ends the program with one line for a person. */
function leave(sentence: string, code = 1): never {
  console.error(sentence);
  process.exit(code);
}

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      browser: { type: 'boolean', default: false },
      data: { type: 'string', default: join('.data', 'counter') },
      server: { type: 'string', default: 'http://127.0.0.1:4400' },
      port: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      key: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!URL.canParse(values.server) || !/^https?:$/.test(new URL(values.server).protocol)) {
    throw new Error(`--server must be an http or https address, not "${values.server}"`);
  }
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535)) {
    throw new Error(`--port must be 0 to 65535, not "${values.port}"`);
  }
  return {
    browser: values.browser,
    dataDir: resolve(values.data),
    serverUrl: new URL(values.server).origin,
    port: values.port === undefined ? null : Number(values.port),
    verbose: values.verbose,
    words: values.help ? ['help'] : positionals,
    key: values.key ?? null,
    json: values.json,
  };
}

function appVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function runElectron(program: string, options: Options): void {
  const built = join(root, 'out', 'main', 'index.js');
  if (!existsSync(built)) leave('The desktop app is not built yet. Run "npm run build", or add --browser.');
  console.log('counter in a window of its own (Electron)');
  const given = ['--data', options.dataDir, '--server', options.serverUrl];
  const child = spawn(program, [root, ...given], { stdio: 'inherit', env: environmentWith({}) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => leave(`Electron could not be started: ${error.message}`));
  child.once('exit', (code) => process.exit(code ?? 0));
}

async function runBrowser(options: Options): Promise<void> {
  const log = lineLog(options.verbose);
  const { hasDisplay } = readEnvironment();
  const machine = thisMachine();
  const links = createFileLinks(makeToken, machine.timers);
  const counter = createCounter({
    ...machine,
    dataDir: options.dataDir,
    serverUrl: options.serverUrl,
    appVersion: appVersion(),
    secrets: keyFileSecrets(options.dataDir, keyBytes),
    openExternal: desktopOpener(process.platform, hasDisplay),
    files: links.desk,
    log,
  });
  const parts = {
    counter,
    links,
    rendererDir: join(root, 'out', 'renderer'),
    token: keptPageToken(options.dataDir, makeToken),
    log,
  };
  const host = await startOnPort(parts, options.port);
  await counter.start();
  let leaving = false;
  const stop = async () => {
    if (leaving) return;
    leaving = true;
    await host.close();
    await counter.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  // Last: whoever reads this line may end us at once.
  console.log(`counter on ${host.url}`);
  // The first reading of the files takes longest, and now nobody waits for it; the page that comes asks for the same.
  setImmediate(() => {
    if (!leaving) counter.status();
  });
}

async function runWords(options: Options): Promise<void> {
  const read = readWords(options.words, options.key);
  if (read === 'help') {
    console.log(usage);
    return;
  }
  if (!read.ok) leave(`${read.fault}\n${usage}`, exits.usage);
  const { exit, data, lines } = await runCommand(read.command, {
    ...thisMachine(),
    dataDir: options.dataDir,
    serverUrl: options.serverUrl,
    appVersion: appVersion(),
    secrets: keyFileSecrets(options.dataDir, keyBytes),
    openExternal: async () => false,
    files: createFileLinks(makeToken, thisMachine().timers).desk,
    log: lineLog(options.verbose),
  });
  const text = options.json ? JSON.stringify(data) : lines.join('\n');
  if (exit === exits.done || options.json) console.log(text);
  else console.error(text);
  process.exit(exit);
}

async function startOnPort(parts: Omit<BrowserHostParts, 'port'>, asked: number | null): Promise<BrowserHost> {
  const port = asked ?? usualPort;
  try {
    return await startBrowserHost({ ...parts, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (asked !== null) leave(`Port ${port} is in use. Choose another with --port.`);
    console.log(`port ${port} is in use; the counter takes another one`);
    return startBrowserHost({ ...parts, port: 0 });
  }
}

async function start(options: Options): Promise<void> {
  const program = options.browser ? null : findElectron(root, process.platform, readEnvironment().electronFolder);
  if (program !== null) runElectron(program, options);
  else {
    if (!options.browser) console.log('Electron is not on this machine; the counter is served to a browser instead.');
    await runBrowser(options);
  }
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function optionsOrLeave(): Options {
  try {
    return readOptions();
  } catch (error) {
    // To whoever runs a command 1 says "no contact", and options that cannot be read are not that.
    leave(sentenceOf(error), meansCommand(process.argv.slice(2)) ? exits.usage : 1);
  }
}

const options = optionsOrLeave();
try {
  if (options.words.length > 0) await runWords(options);
  else await start(options);
} catch (error) {
  leave(sentenceOf(error));
}
