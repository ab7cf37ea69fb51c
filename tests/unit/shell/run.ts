// Runs the real entry of the desktop app under the fake Electron, with a played counter or with the real one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Counter, CounterParts } from '../../../main/counter.ts';
import type { Channel } from '../../../main/ipc/channel.ts';
import type { Words } from '../../../main/ipc/notices.ts';
import type { Bridge, Notice } from '../../../shared/contract/frames.ts';
import type { OverviewView } from '../../../shared/contract/overview-view.ts';
import { type FakeElectron, type FakeOptions, fakeElectron } from '../../fakes/electron.ts';
import type { FakeFrame } from '../../fakes/electron-page.ts';
import { notActivated } from '../../fakes/played-scenarios.ts';

/** A folder that looks like the installed app: the built renderer, and a place for data. */
export function appFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-shell-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of ['out/renderer', 'data']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, 'out/renderer/index.html'), '<!doctype html><title>PharmaPulse One</title>');
  return { appPath: folder, userData: join(folder, 'data') };
}

/** A counter that notes what the shell asks of it. */
export class PlayedCounter implements Counter {
  parts: CounterParts | null = null;
  readonly happened: string[] = [];
  readonly stopping = Promise.withResolvers<void>();
  overview: OverviewView = notActivated().overview;
  language: () => string | null = () => null;
  startFails: Error | null = null;
  readonly #listeners = new Set<(notice: Notice) => void>();
  readonly #tellers = new Set<(words: Words) => void>();

  start = async () => {
    this.happened.push('start');
    if (this.startFails !== null) throw this.startFails;
  };
  serve = (channel: Channel) => {
    channel.onMessage((frame) => {
      const { id, call } = frame as { id: number; call: string };
      this.happened.push(`call ${call}`);
      channel.post({ id, result: { ok: true, value: call } });
    });
    return () => undefined;
  };
  subscribe = (listener: (notice: Notice) => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  onTold = (listener: (words: Words) => void) => {
    this.#tellers.add(listener);
    return () => this.#tellers.delete(listener);
  };
  status = () => this.overview;
  incidents = () => [];
  wake = () => {
    this.happened.push('wake');
  };
  stop = () => {
    this.happened.push('stop');
    return this.stopping.promise;
  };
  /** Something is another than before. */
  change(): void {
    for (const listener of this.#listeners) listener({ type: 'changed', topics: ['status'] });
  }
  get listeners(): number {
    return this.#listeners.size;
  }
  /** The user is told this for the first time. */
  tell(words: Words): void {
    for (const teller of this.#tellers) teller(words);
  }
}

interface RunOptions extends Partial<FakeOptions> {
  /** null: the real one. */
  readonly counter?: PlayedCounter | null;
  readonly fails?: Error;
  readonly args?: readonly string[];
}

export async function runShell({ counter = new PlayedCounter(), fails, args = [], ...rest }: RunOptions = {}) {
  const fake = fakeElectron({ ...appFolder(), ...rest });
  const argv = process.argv;
  process.argv = ['electron', '.', ...args];
  vi.resetModules();
  vi.doMock('electron', () => fake.electron);
  if (counter !== null) {
    vi.doMock('../../../main/counter.ts', () => ({
      createCounter: (parts: CounterParts) => {
        if (fails !== undefined) throw fails;
        fake.world.note('counter');
        counter.parts = parts;
        return counter;
      },
    }));
  } else vi.doUnmock('../../../main/counter.ts');
  await import('../../../main/hosts/electron/index.ts');
  process.argv = argv;
  return { fake, counter: counter ?? new PlayedCounter() };
}

/** Ready, and everything that follows from it done. */
export async function becomeReady(fake: FakeElectron) {
  fake.app.becomeReady();
  await vi.waitFor(() => {
    if (!fake.desktop.windows[0]?.visible && fake.app.exitCode === null) throw new Error('not up yet');
  });
}

/** The real preload in the first window's page, or in a frame that is not ours. */
export async function openPage(fake: FakeElectron, frame?: FakeFrame | null): Promise<Bridge> {
  const page = fake.page(frame);
  vi.resetModules();
  vi.doMock('electron', () => page.electron);
  await import('../../../main/hosts/electron/preload.ts');
  return page.world.bridge as Bridge;
}
