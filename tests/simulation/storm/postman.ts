// Brings the played provider's webhooks to the servers: each event three times, shuffled over time and over both servers, and
// some never. Like the provider it goes on with a copy that was not answered by 200; unlike it, it does not wait for long.
import { createHmac } from 'node:crypto';
import type { Tell } from './book.ts';
import type { Chance } from './chance.ts';
import { credentials } from './provider.ts';
import type { Servers } from './servers.ts';

export interface PostmanFigures {
  events: number;
  /** Events of which no copy was sent. */
  dropped: number;
  /** Copies that were answered by 200. */
  delivered: number;
  /** Copies that a server did not answer, being killed; they were sent again. */
  unanswered: number;
}

export interface Postman {
  readonly tell: Tell;
  readonly figures: PostmanFigures;
  /** From now on everything is brought; resolves when nothing is left. */
  drain(): Promise<void>;
  /** From now on nothing is brought but what is under way. */
  holdAll(): void;
}

interface Copy {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PostmanOptions {
  readonly chance: Chance;
  readonly servers: () => Servers;
  /** Events dropped altogether, of 1. */
  readonly dropped: number;
  /** So many copies are held back. */
  readonly held: number;
}

const copiesOfEach = 3;
const atOnce = 12;

export function startPostman({ chance, servers, dropped, held }: PostmanOptions): Postman {
  const figures: PostmanFigures = { events: 0, dropped: 0, delivered: 0, unanswered: 0 };
  const bag: Copy[] = [];
  // So many stay in the bag, so that there is something to shuffle.
  let [underWay, least] = [0, held];
  let empty: () => void = () => undefined;
  let broken: (why: unknown) => void = (why) => {
    throw why;
  };
  const bring = async (copy: Copy) => {
    const { status } = await servers().ask(chance.below(2), {
      ...{ method: 'POST', path: '/api/billing/webhook', headers: copy.headers, body: copy.body },
      onUnanswered: () => {
        figures.unanswered += 1;
      },
    });
    if (status !== 200) throw new Error(`a webhook was answered by ${status}`);
    figures.delivered += 1;
  };
  const pump = () => {
    while (underWay < atOnce && bag.length > least) {
      const at = chance.below(bag.length);
      const copy = bag[at];
      const last = bag.pop();
      if (copy === undefined || last === undefined) return;
      if (at < bag.length) bag[at] = last;
      underWay += 1;
      bring(copy).then(() => {
        underWay -= 1;
        pump();
      }, broken);
    }
    if (least === 0 && underWay === 0 && bag.length === 0) empty();
  };
  return {
    figures,
    tell: (event, payload, at) => {
      figures.events += 1;
      const body = JSON.stringify({
        ...{ entity: 'event', account_id: 'acc_StormAccount01', event, contains: Object.keys(payload) },
        payload,
        created_at: at,
      });
      if (chance.is(dropped)) {
        figures.dropped += 1;
        return;
      }
      const headers = {
        'content-type': 'application/json',
        'x-razorpay-signature': createHmac('sha256', credentials.webhookSecret).update(body).digest('hex'),
        'x-razorpay-event-id': `evt${String(figures.events).padStart(11, '0')}`,
      };
      for (let copy = 0; copy < copiesOfEach; copy += 1) bag.push({ body, headers });
      pump();
    },
    drain: () =>
      new Promise((done, fail) => {
        empty = done;
        broken = fail;
        least = 0;
        pump();
      }),
    holdAll: () => {
      least = Number.POSITIVE_INFINITY;
    },
  };
}
