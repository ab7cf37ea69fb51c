// A program that a test starts, reads a line from, and ends; and a port that is free for it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const root = resolve(import.meta.dirname, '../..');

export class Program {
  readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly errors: string[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (this.child.stdout === null) throw new Error('no stdout');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line);
      for (const listener of this.listeners) listener();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => this.errors.push(chunk.toString('utf8')));
  }

  /** The first line on stdout that fits, said already or not; fails with what was said if the program ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((done, fail) => {
      const look = () => {
        const found = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found === undefined || found === null) return;
        this.listeners.delete(look);
        done(found);
      };
      this.listeners.add(look);
      this.child.once('exit', (code) => fail(new Error(`ended with ${code}: ${this.errors.join('')}`)));
      look();
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('port')),
      );
    });
  });
}
