// One start of the host: its lines as they come, what it is told, and its end by SIGKILL. Ends only what it started.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Said {
  readonly started?: true;
  readonly items?: readonly { readonly id: string; readonly state: string }[];
  readonly queued?: string;
  readonly id?: string;
  readonly signedUp?: string;
  readonly synced?: string;
  readonly plan?: boolean;
  readonly failed?: string;
}

export interface HostProgram {
  tell(line: string): void;
  /** The next line that fits; rejects when the program ends before. */
  hear(fits: (said: Said) => boolean): Promise<Said>;
  onLine(listener: (said: Said) => void): void;
  kill(): void;
  readonly ended: Promise<string>;
}

const running = new Set<ChildProcess>();
export function killHosts(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** program: host.ts, built into one file as the counter is shipped. cache: where Node keeps what it compiled. */
export function startHost(program: string, dataDir: string, serverUrl: string, cache: string): HostProgram {
  const child = spawn(process.execPath, [program, dataDir, serverUrl], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Started thousands of times: what was compiled once is read.
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: cache },
  });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString('utf8');
  });
  const listeners = new Set<(said: Said) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // A line that the kill cut in two was not said.
    const said = parsed(line);
    if (said !== null) for (const listener of [...listeners]) listener(said);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(`${signal ?? `exit ${code}`} ${errors}`.trim());
    });
  });
  return {
    ended,
    tell: (line) => void child.stdin.write(`${line}\n`),
    onLine: (listener) => void listeners.add(listener),
    hear: (fits) =>
      new Promise((resolve, reject) => {
        const listener = (said: Said) => {
          if (!fits(said)) return;
          listeners.delete(listener);
          resolve(said);
        };
        listeners.add(listener);
        void ended.then((how) => reject(new Error(`the counter ended: ${how}`)));
      }),
    kill: () => void child.kill('SIGKILL'),
  };
}

function parsed(line: string): Said | null {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return null;
  }
}
