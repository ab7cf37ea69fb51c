// The server as a program: `node sync-server/index.ts` in a process of its own, with what it prints and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const index = fileURLToPath(new URL('../../../sync-server/index.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the printed address; rejects with what was printed if the program ends before. */
  readonly url: Promise<string>;
  stdout(): string;
}

const running = new Set<ChildProcess>();
/** Ends what a failed test left running. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts the program with exactly these settings; nothing of the test's own environment but what Node needs. */
export function startProgram(env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [index], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      done({ code, signal, stdout, stderr });
    });
  });
  const url = new Promise<string>((done, fail) => {
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString('utf8');
      const printed = /^listening on (\S+)\n/m.exec(stdout)?.[1];
      if (printed !== undefined) done(printed);
    });
    ended.then(({ code, stderr: said }) => fail(new Error(`ended with ${code} before it listened: ${said}`)));
  });
  // Whoever waits for the address is told; a test of a start that fails waits for the end instead.
  url.catch((error: Error) => error);
  return { process: child, ended, url, stdout: () => stdout };
}

/** Starts a program that is expected to end by itself. */
export const runProgram = (env: Readonly<Record<string, string>>): Promise<Ended> => startProgram(env).ended;
