// The server's program in processes of its own, with a clock that can be set, to be killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly pid: number;
  /** Asks it to go to a moment; answers when all that is due then is done, or false if it was killed meanwhile. */
  goTo(instant: Date): Promise<boolean>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Resolves when it listens; its own jobs begin with that. */
export async function startServerProcess(databaseUrl: string): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-grants-'));
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', TEST_CLOCK: '1' };
  const child = spawn(process.execPath, ['sync-server/index.ts'], {
    cwd: new URL('../..', import.meta.url).pathname,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await listening(child);
  return {
    pid: child.pid ?? 0,
    goTo: async (instant) => {
      const body = JSON.stringify({ now: instant.toISOString() });
      const headers = { 'content-type': 'application/json' };
      try {
        const answer = await fetch(`${url}/test/clock`, { method: 'POST', headers, body });
        if (!answer.ok) throw new Error(`/test/clock: ${answer.status} ${await answer.text()}`);
        return true;
      } catch (error) {
        if (child.signalCode === null && !child.killed) throw error;
        return false;
      }
    },
    kill: async (signal) => {
      child.kill(signal);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('a process without output');
  return new Promise((done, fail) => {
    createInterface({ input: stdout }).on('line', (line) => done(line.replace('listening on ', '')));
    child.once('exit', (code) => fail(new Error(`the server ended with ${code}`)));
  });
}
