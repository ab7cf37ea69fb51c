// Posts at a steady rate whether or not answers come, and counts an answer's time from when its request was due: a server
// that stalls is charged with everybody who would have waited meanwhile.
import { Agent, request } from 'node:http';
import type { Row } from './section.ts';

export interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SteadyLoad {
  readonly name: string;
  readonly url: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly next: () => Post;
}

/** Throws if any request failed or was answered with anything but 200. */
export async function postSteadily({ name, url, perSecond, seconds, next }: SteadyLoad): Promise<Row> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1024 });
  const latencies: number[] = [];
  const count = Math.round(perSecond * seconds);
  const begun = performance.now();
  const answers: Promise<void>[] = [];
  while (answers.length < count) {
    const now = performance.now();
    for (let due = dueAt(begun, answers.length, perSecond); due <= now && answers.length < count; ) {
      const at = due;
      answers.push(post(agent, url, next()).then(() => void latencies.push(performance.now() - at)));
      due = dueAt(begun, answers.length, perSecond);
    }
    await new Promise((done) => setTimeout(done, 1));
  }
  const outcomes = await Promise.allSettled(answers);
  agent.destroy();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw new Error(`${name}: ${String(failed.reason)}`);
  const took = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(count - 1, Math.floor(count * share))] ?? 0;
  return { name, perSecond: count / took, p50Ms: at(0.5), p99Ms: at(0.99) };
}

const dueAt = (begun: number, number: number, perSecond: number): number => begun + (number * 1000) / perSecond;

function post(agent: Agent, url: string, { body, headers }: Post): Promise<void> {
  return new Promise((done, fail) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sent.once('error', fail);
    sent.once('response', (answer) => {
      answer.resume();
      answer.once('error', fail);
      answer.once('end', () => (answer.statusCode === 200 ? done() : fail(new Error(`answered ${answer.statusCode}`))));
    });
    sent.end(body);
  });
}
