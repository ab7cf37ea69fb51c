// `npm run bench -- ui`: how soon the screen answers on a slow PC: Chromium with its processor held to a quarter, on the real
// browser host and a mirror of 100,000 entries. Beside each figure the empty page of the same stack.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import type { Row, Section } from '../section.ts';
import { type ActionTimes, actionTimes } from './actions.ts';
import { type BareBrowser, type BarePage, startBareBrowser } from './bare-page.ts';
import { fillCounter } from './data.ts';
import { type EmptyHost, startEmptyHost } from './empty-host.ts';
import { bySelector, byText, openedToShown, scrollFrames } from './in-page.ts';

const entries = Number(process.env.BENCH_ENTRIES ?? 100_000);
const slower = Number(process.env.BENCH_SLOWER ?? 4);
const opens = Number(process.env.BENCH_OPENS ?? 5);
const scrollMs = Number(process.env.BENCH_SCROLL_MS ?? 4_000);
const root = new URL('../..', import.meta.url).pathname;
const size = { width: 1366, height: 768 };

export async function* uiBench(): AsyncIterable<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-ui-'));
  const built = spawnSync(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'],
    { cwd: root, stdio: 'inherit' },
  );
  if (built.status !== 0) throw new Error('the screen could not be built');
  await fillCounter(join(folder, 'counter'), entries);
  const empty = await startEmptyHost(join(folder, 'empty'));
  let browsers = 0;
  const newProfile: NewProfile = () => {
    browsers += 1;
    const profile = join(folder, `browser-${browsers}`);
    return () => startBareBrowser(process.env.E2E_BROWSER ?? '/usr/bin/chromium', profile);
  };
  try {
    const starts: number[] = [];
    for (let start = 0; start < 3; start += 1) {
      const counter = await startCounter(join(folder, 'counter'));
      try {
        starts.push(counter.tookMs);
        if (start === 2) yield await section(newProfile, counter.url, empty, starts);
      } finally {
        await counter.stop();
      }
    }
  } finally {
    await empty.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the program as a user would; nobody is at the server's address, as without a network. */
async function startCounter(dataDir: string) {
  const begun = performance.now();
  const args = [
    'main/hosts/counter.ts',
    '--browser',
    '--data',
    dataDir,
    '--server',
    'http://127.0.0.1:9',
    '--port',
    '0',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((done, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = /counter on (\S+)/.exec(line)?.[1];
      if (said !== undefined) done(said);
    });
    child.once('exit', (code) => fail(new Error(`the counter ended with ${code}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, tookMs: performance.now() - begun, stop };
}

async function section(
  newProfile: NewProfile,
  url: string,
  empty: EmptyHost,
  starts: readonly number[],
): Promise<Section> {
  const overview = await openings(newProfile, url, byText('main button', 'Top up credits'));
  const emptyPage = await openings(newProfile, empty.url, bySelector('#open'));
  const browser = await newProfile()();
  try {
    const page = await slowPage(browser, url);
    const actions = await actionTimes(page);
    await page.evaluate(openedToShown(bySelector('[aria-rowcount] tbody tr')));
    const scroller = `${bySelector('[aria-rowcount]')}.parentElement`;
    const scrolled = frameRow('ledger scrolled, 40 px a frame', await frames(page, scroller, 40));
    const fast = frameRow('ledger scrolled, 400 px a frame', await frames(page, scroller, 400));
    const bare = await slowPage(browser, empty.url);
    const bareActions = await actionTimes(bare, true);
    const bareScrolled = frameRow(
      'empty page scrolled, 40 px a frame',
      await frames(bare, bySelector('.scroller'), 40),
    );
    return {
      title: `Screen: ${size.width} × ${size.height}, processor held to 1/${slower}, ${entries} entries in the mirror`,
      how: `Chromium, real browser host, no network; p50 and p99 of ${opens} browsers, and of 5 presses; frames over ${scrollMs} ms.`,
      rows: [
        rowOf('counter program started', starts),
        ...times.flatMap(([name, which]) => [
          rowOf(`overview, ${name}`, overview[which]),
          rowOf('the same of the empty page', emptyPage[which]),
        ]),
        ...[...actions, ...bareActions].flatMap(({ name, answered, shown }) => [
          rowOf(`${name}: press answered`, answered),
          rowOf(`${name}: all there`, shown),
        ]),
        ...[scrolled, fast, bareScrolled],
      ],
      ratios: [...openingRatios(overview), ...actionRatios(actions), ...otherRatios(scrolled, empty)],
    };
  } finally {
    await browser.close();
  }
}

function openingRatios(overview: Openings): Section['ratios'] {
  const below = (name: string, value: number) => ({ name, value, bound: '< 1000', met: value < 1000 });
  return times.flatMap(([name, which]) => [
    below(`overview, ${name}, median, ms`, median(overview[which])),
    below('the same, slowest, ms', Math.max(...overview[which])),
  ]);
}

/** Both readings of "answers": the user sees that the press was taken, and everything that it asked for is there. */
function actionRatios(actions: readonly ActionTimes[]): Section['ratios'] {
  const below = (name: string, value: number) => ({ name, value, bound: '< 100', met: value < 100 });
  return [
    below('any action: press answered, slowest, ms', Math.max(...actions.flatMap(({ answered }) => answered))),
    below('any action: all there, highest median, ms', Math.max(...actions.map(({ shown }) => median(shown)))),
    below('any action: all there, slowest, ms', Math.max(...actions.flatMap(({ shown }) => shown))),
  ];
}

const renderer = join(root, 'out', 'renderer');

function otherRatios(scrolled: Row, empty: EmptyHost): Section['ratios'] {
  const [ours, inAll] = [bundle(renderer, 'English'), bundle(renderer, 'all')];
  return [
    { name: 'ledger, frames a second', value: scrolled.perSecond, bound: '≥ 55', met: scrolled.perSecond >= 55 },
    { name: 'all scripts and styles of the screen in English, kB gzip', value: ours, bound: '< 250', met: ours < 250 },
    { name: 'the same with Hindi, kB gzip', value: inAll, bound: '< 250', met: inAll < 250 },
    { name: 'the same of the empty page, kB gzip', value: bundle(empty.folder, 'all'), bound: 'beside it', met: true },
  ];
}

/** A profile that nobody used yet; starts a browser on it, each time it is called. */
type NewProfile = () => () => Promise<BareBrowser>;

/** The first page of a browser pays for what the browser does once, and the first in the life of a profile for what it keeps then. */
const times = [
  ['first start ever', 'first'],
  ['second page of that start', 'second'],
  ['a later start', 'later'],
] as const;
type Openings = Readonly<Record<(typeof times)[number][1], number[]>>;

async function openings(newProfile: NewProfile, url: string, shown: string): Promise<Openings> {
  const all: Openings = { first: [], second: [], later: [] };
  for (let open = 0; open < opens; open += 1) {
    const start = newProfile();
    // The browser keeps what was compiled when it meets a script for the second time, and uses it from the third on.
    for (const pages of [[all.first, all.second], [null], [all.later]]) {
      const browser = await start();
      try {
        for (const took of pages) {
          const page = await slowPage(browser, url);
          const ms = await page.evaluate<number>(openedToShown(shown));
          took?.push(ms);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    }
  }
  return all;
}

/** On a slow processor from its first byte. */
const slowPage = (browser: BareBrowser, url: string) => browser.open(url, { ...size, slower });

const frames = (page: BarePage, scroller: string, pixels: number) =>
  page.evaluate<number[]>(scrollFrames(scroller, pixels, scrollMs));

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const median = (took: readonly number[]) =>
  quantile(
    [...took].sort((a, b) => a - b),
    0.5,
  );

function rowOf(name: string, took: readonly number[]): Row {
  const sorted = [...took].sort((a, b) => a - b);
  const p50Ms = quantile(sorted, 0.5);
  return { name, perSecond: 1000 / p50Ms, p50Ms, p99Ms: quantile(sorted, 0.99) };
}

function frameRow(name: string, took: readonly number[]): Row {
  const all = took.reduce((sum, one) => sum + one, 0);
  return { ...rowOf(name, took), perSecond: (1000 * took.length) / all };
}

/** kB, compressed, of all scripts and styles in a folder, those that are fetched later too. */
function bundle(folder: string, languages: 'all' | 'English'): number {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|css)$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter(
      (text) => languages === 'all' || !(/[\u0900-\u097f]{3}/.test(text) || text.includes('Noto Sans Devanagari')),
    );
  return texts.reduce((sum, text) => sum + gzipSync(text).length, 0) / 1000;
}
