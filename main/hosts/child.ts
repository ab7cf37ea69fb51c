// A program that we start, speak for and stop. Only what was started here is ever stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Child {
  /** The first line that matches, as its match; rejects when the program ends before. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves when it has ended, with how, in words. */
  readonly ended: Promise<string>;
  /** Asks it to end, and ends it when it has not within `patienceMs`. */
  readonly stop: (patienceMs: number) => Promise<void>;
}

/**
 * In a process group of its own, so that Ctrl-C reaches only us and we stop things in their order. Lines of its standard
 * output are ours; its standard error goes straight to the terminal.
 */
export function startChild(script: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Child {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: process.platform !== 'win32',
  });
  const waiting = new Set<(line: string) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Where the server listens is told by us, in words.
    if (!line.startsWith('listening on ')) console.log(line);
    for (const hear of waiting) hear(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  // Whatever ends us, nothing that we started stays behind.
  const last = () => child.kill('SIGKILL');
  process.on('exit', last);
  void ended.then(() => process.off('exit', last));
  return {
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const hear = (line: string) => {
          const match = pattern.exec(line);
          if (match === null) return;
          waiting.delete(hear);
          resolve(match);
        };
        waiting.add(hear);
        void ended.then((how) => reject(new Error(how)));
      }),
    stop: (patienceMs) => stop(child, ended, patienceMs),
  };
}

async function stop(child: ChildProcess, ended: Promise<string>, patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await ended;
  clearTimeout(patience);
}
