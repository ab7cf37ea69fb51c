// The real server program on one port and one database, killed by SIGKILL and started again while clients go on. Knows how to
// ask until there is an answer; knows nothing of what is asked.
import { type AddressInfo, createServer } from 'node:net';
import { type Program, startProgram } from '../server/program.ts';

export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** How often it was sent before somebody answered. */
  readonly unanswered: number;
  /** When the server that answered had begun to answer. */
  readonly upSince: number;
}

export interface KilledServer {
  /** Sends until it is answered, over any number of kills. An answer that says nothing (503) is none. */
  ask(asking: Asking): Promise<Answer>;
  /** Calls `kill` right after so many answers from now. */
  killAfter(answers: number): void;
  /** Resolves when the server was killed so many times and runs again. */
  killed(times: number): Promise<void>;
  kills(): number;
  end(): Promise<void>;
}

/** A request that finds no answer in so many tries found a server that is not up again. */
const mostTries = 200;

export async function killedServer(settings: Readonly<Record<string, string>>): Promise<KilledServer> {
  const env = { ...settings, PORT: String(await freePort()) };
  let program: Program = startProgram(env);
  let up: Promise<string> = program.url;
  await up;
  let left = Number.POSITIVE_INFINITY;
  let kills = 0;
  let upSince = Date.now();
  const waiting: { readonly times: number; readonly done: () => void; readonly failed: (why: unknown) => void }[] = [];

  const kill = async (): Promise<string> => {
    program.process.kill('SIGKILL');
    const { signal, stderr } = await program.ended;
    if (signal !== 'SIGKILL') throw new Error(`the server ended by itself: ${stderr}`);
    program = startProgram(env);
    const url = await program.url;
    upSince = Date.now();
    kills += 1;
    for (const { times, done } of waiting) if (kills >= times) done();
    return url;
  };
  const answered = (): void => {
    left -= 1;
    if (left !== 0) return;
    // Whoever asks from now on waits for the next one; whoever has asked finds out.
    up = kill();
    up.catch((why: unknown) => {
      for (const { failed } of waiting) failed(why);
    });
  };

  return {
    ask: async (asking) => {
      for (let unanswered = 0; unanswered < mostTries; unanswered += 1) {
        const answer = await attempt(await up, asking);
        if (answer === null) continue;
        answered();
        return { ...answer, unanswered, upSince };
      }
      throw new Error(`no answer to ${asking.path} in ${mostTries} tries`);
    },
    killAfter: (answers) => {
      left = answers;
    },
    killed: (times) => new Promise((done, failed) => void waiting.push({ times, done, failed })),
    kills: () => kills,
    end: async () => {
      program.process.kill('SIGKILL');
      await program.ended;
    },
  };
}

/** null where the connection broke before the whole answer was there. */
async function attempt(
  url: string,
  { method, path, headers, body }: Asking,
): Promise<Pick<Answer, 'status' | 'body'> | null> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = {
    method,
    headers: { ...headers, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    const got = await fetch(`${url}${path}`, sent);
    const text = await got.text();
    return got.status === 503 ? null : { status: got.status, body: text === '' ? null : JSON.parse(text) };
  } catch (error) {
    // fetch says no more than this when a connection breaks, wherever in the answer that is.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
