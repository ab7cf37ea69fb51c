// Starts the server as a process of its own on a benchmark's database, and ends it with its files.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BenchServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `settings`: of the server's environment, over this process's own. */
export async function startBenchServer(settings: Readonly<Record<string, string>>): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-server-'));
  const server = spawn(process.execPath, [...(process.env.BENCH_NODE_ARGS?.split(' ') ?? []), 'bench/server.ts'], {
    cwd: new URL('..', import.meta.url).pathname,
    env: { ...process.env, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await new Promise<string>((done, fail) => {
      createInterface({ input: server.stdout }).on('line', (line) => done(line.replace('listening on ', '')));
      server.once('exit', (code) => fail(new Error(`the server ended with ${code}`)));
    });
    return { url, pid: server.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
