// A program that a test starts, reads a line from, and ends; and a port that is free for it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const root = resolve(import.meta.dirname, '../..');

export class Program {
  readonly child: ChildProcess;
  private readonly said: string[] = [];

  constructor(args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => this.said.push(chunk.toString('utf8')));
  }

  /** The first line on stdout that fits; fails with what the program said if it ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray> {
    const { stdout } = this.child;
    if (stdout === null) throw new Error('no stdout');
    const lines = createInterface({ input: stdout });
    return new Promise((done, fail) => {
      lines.on('line', (line) => {
        const found = pattern.exec(line);
        if (found !== null) done(found);
      });
      this.child.once('exit', (code) => fail(new Error(`ended with ${code}: ${this.said.join('')}`)));
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
