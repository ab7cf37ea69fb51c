// The PostgreSQL that comes with the packages, for a machine that has none: made under DATA_DIR, started when the server
// starts, stopped when it stops. It survives a kill -9 of the server; the next start takes it over as it is.
//
// pg_ctl starts it in a session of its own, so that Ctrl-C in a terminal reaches the server alone and the database goes
// last. Two servers on one DATA_DIR are refused: the one that stops first would take the database from the other.
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { Random } from '../clock.ts';
import { type Cluster, EmbeddedPostgresFailed, findCluster, runProgram } from './embedded-files.ts';

export interface EmbeddedPostgres {
  /** postgres:// with the password, for a pool. */
  readonly url: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts, or takes over, the cluster below `dataDir`. `settings`: further options of postgres, e.g. `-c fsync=off`.
 * Throws EmbeddedPostgresFailed with a sentence for the operator.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  random: Random,
  settings: readonly string[] = [],
): Promise<EmbeddedPostgres> {
  const home = resolve(dataDir);
  mkdirSync(home, { recursive: true });
  const unlock = lockFolder(home);
  try {
    const cluster = findCluster(home);
    const passwordFile = `${cluster.data}.password`;
    if (!existsSync(join(cluster.data, 'PG_VERSION'))) await initialise(cluster, passwordFile, random);
    const running = await runProgram(cluster, 'pg_ctl', ['status', '-D', cluster.data]);
    if (running.code !== 0) await start(cluster, settings);
    const password = readFileSync(passwordFile, 'utf8').trim();
    const [pid, , , port] = readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8').split('\n');
    return {
      pid: Number(pid),
      url: `postgres://postgres:${password}@127.0.0.1:${port?.trim()}/postgres`,
      stop: async () => {
        const stopped = await runProgram(cluster, 'pg_ctl', [
          'stop',
          '-m',
          'fast',
          '-w',
          '-t',
          '30',
          '-D',
          cluster.data,
        ]);
        unlock();
        if (stopped.code !== 0) throw new EmbeddedPostgresFailed(`PostgreSQL did not stop; its log: ${cluster.log}`);
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function initialise(cluster: Cluster, passwordFile: string, random: Random): Promise<void> {
  // What a power cut left of a first start has no PG_VERSION, or was moved in whole: made beside, then moved.
  const making = `${cluster.data}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${random.bytes(24).toString('hex')}\n`, { mode: 0o600 });
  if (cluster.as !== null) for (const path of [making, passwordFile]) chownSync(path, cluster.as.uid, cluster.as.gid);
  const made = await runProgram(cluster, 'initdb', [
    `--pgdata=${making}`,
    '--auth=scram-sha-256',
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--lc-messages=C',
  ]);
  if (made.code !== 0) {
    const why = made.output.trim().split('\n').at(-1) ?? 'no reason given';
    throw new EmbeddedPostgresFailed(`PostgreSQL could not make its files in ${cluster.data}: ${why}`);
  }
  rmSync(cluster.data, { recursive: true, force: true });
  renameSync(making, cluster.data);
}

async function start(cluster: Cluster, settings: readonly string[]): Promise<void> {
  const options = [
    `-p ${await freePort()}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    ...settings,
  ];
  const started = await runProgram(cluster, 'pg_ctl', [
    ...['start', '-w', '-t', '60', '-D', cluster.data, '-l', cluster.log],
    ...['-o', options.join(' ')],
  ]);
  if (started.code !== 0) throw new EmbeddedPostgresFailed(`PostgreSQL did not start; its log: ${cluster.log}`);
}

/** One server a folder: a file with the holder's process id. One left behind by a dead process is taken over. */
function lockFolder(home: string): () => void {
  const file = join(home, 'server.pid');
  const holder = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (holder > 0 && holder !== process.pid && isServer(holder)) {
    throw new EmbeddedPostgresFailed(
      `DATA_DIR ${home} is in use by the server with process id ${holder}: stop it, or set another DATA_DIR`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** Alive, and not merely a newer process that was given the same id (where the system lets us see that). */
function isServer(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const about = `/proc/${pid}/cmdline`;
  return !existsSync(about) || readFileSync(about, 'utf8').includes('node');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}
