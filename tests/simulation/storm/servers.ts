// Two real server processes on one database, each killed by SIGKILL at points that nobody chose and started again on its port;
// and how to ask them until one answers. Knows nothing of what is asked.
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Program, startProgram } from '../../integration/server/program.ts';

export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The caller's own address, where the server counts by it. */
  readonly from?: string;
  readonly onUnanswered?: () => void;
  /** Only the one that is asked first will do. */
  readonly stay?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Servers {
  /** Asks one of both, then either, until there is an answer. 503 says "the same again later" and is none. */
  ask(first: number, asking: Asking): Promise<Answer>;
  /** Counts something that happened; a kill comes when so much has. */
  happened(): void;
  /** Plans a kill of one of both, when so much more has happened. */
  planKill(which: number, after: number): void;
  /** Makes every planned kill that has not come yet, and resolves when both run. */
  killThePlanned(): Promise<void>;
  /** Kills one now, and resolves when it runs again. */
  killNow(which: number): Promise<void>;
  /** Stops all of them; nobody may ask until they are up again. */
  down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  up(): Promise<void>;
  readonly figures: { kills: number; asked: number; unanswered: number; busy: number };
  end(): Promise<void>;
}

const mostTries = 600;

interface Running {
  program: Program;
  /** The address, as soon as it answers there. */
  up: Promise<string>;
  readonly env: Readonly<Record<string, string>>;
}

async function startOne(given: Readonly<Record<string, string>>): Promise<Running> {
  const env = { ...given, PORT: String(await freePort()) };
  const program = startProgram(env);
  return { program, up: program.url, env };
}

/** Whoever asks from now on waits until it runs again. */
function startAgain(server: Running): Promise<string> {
  const before = server.up;
  const again = async () => {
    await before;
    server.program.process.kill('SIGKILL');
    const { signal, stderr } = await server.program.ended;
    if (signal !== 'SIGKILL') throw new Error(`a server ended by itself: ${stderr}`);
    server.program = startProgram(server.env);
    return server.program.url;
  };
  server.up = again();
  // Whoever asks next is told; it may be that nobody does.
  server.up.catch((error: Error) => error);
  return server.up;
}

export async function startServers(envs: readonly Readonly<Record<string, string>>[]): Promise<Servers> {
  const figures = { kills: 0, asked: 0, unanswered: 0, busy: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const running = await Promise.all(envs.map(startOne));
  await Promise.all(running.map(({ up }) => up));
  const one = (which: number): Running => {
    const found = running[which % running.length];
    if (found === undefined) throw new Error('no server runs');
    return found;
  };
  const killNow = async (which: number) => {
    await startAgain(one(which));
    figures.kills += 1;
  };
  const { happened, ...killer } = startKiller(killNow);
  return {
    figures,
    happened,
    ask: async (first, asking) => {
      figures.asked += 1;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const answer = await attempt(await one(asking.stay ? first : first + tries).up, asking, agent);
        if (answer !== null && answer.status !== 503) {
          happened();
          return answer;
        }
        if (answer === null) {
          figures.unanswered += 1;
          asking.onUnanswered?.();
        } else figures.busy += 1;
        await pause(Math.min(500, 20 * tries));
      }
      throw new Error(`no answer to ${asking.method} ${asking.path} in ${mostTries} tries`);
    },
    killNow,
    down: async (signal) => {
      await Promise.all(running.map(({ up }) => up));
      for (const { program } of running) program.process.kill(signal);
      await Promise.all(running.map(({ program }) => program.ended));
    },
    up: async () => {
      for (const server of running) {
        server.program = startProgram(server.env);
        server.up = server.program.url;
      }
      await Promise.all(running.map(({ up }) => up));
    },
    planKill: killer.plan,
    killThePlanned: async () => {
      await killer.killTheRest();
      await Promise.all(running.map(({ up }) => up));
    },
    end: async () => {
      agent.destroy();
      for (const { program } of running) program.process.kill('SIGKILL');
      await Promise.all(running.map(({ program }) => program.ended));
    },
  };
}

/** Kills when so much has happened; knows neither what nor whom. */
function startKiller(kill: (which: number) => Promise<void>) {
  let planned: { readonly which: number; readonly at: number }[] = [];
  let count = 0;
  const under: Promise<void>[] = [];
  return {
    happened: () => {
      count += 1;
      const due = planned.filter(({ at }) => at <= count);
      if (due.length === 0) return;
      planned = planned.filter(({ at }) => at > count);
      under.push(...due.map(({ which }) => kill(which)));
    },
    plan: (which: number, after: number) => {
      planned.push({ which, at: count + after });
    },
    killTheRest: async () => {
      const rest = planned;
      planned = [];
      for (const { which } of rest) await kill(which);
      await Promise.all(under);
    },
  };
}

/** null where the connection broke before the whole answer was there. No time limit: the clock's jumps take minutes. */
function attempt(url: string, asking: Asking, agent: Agent): Promise<Answer | null> {
  const { method, path, headers, body, from } = asking;
  const via = from === undefined ? { agent } : { agent: false as const, localAddress: from };
  return new Promise((done, fail) => {
    const sent = request(`${url}${path}`, { method, headers: { ...headers }, ...via }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', () => done(null));
      answer.on('end', () => {
        if (!answer.complete) return done(null);
        const text = Buffer.concat(parts).toString('utf8');
        const json = answer.headers['content-type']?.includes('json') === true;
        done({ status: answer.statusCode ?? 0, body: json ? JSON.parse(text) : text });
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(error.code ?? '')) done(null);
      else fail(error);
    });
    sent.end(body);
  });
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
