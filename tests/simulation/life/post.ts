// Brings the provider's webhooks: some at once, some late, some twice, those of some payments never; and what was not answered
// for a day may be given up, as the provider does. A refund is always told in the end. Knows nothing of what they say.
import { createHmac } from 'node:crypto';
import type { Tell } from '../storm/book.ts';
import { type Chance, oneOf } from '../storm/chance.ts';
import { credentials } from '../storm/provider.ts';
import type { Servers } from '../storm/servers.ts';
import { openAgenda } from './agenda.ts';

export interface Post {
  readonly tell: Tell;
  /** Brings what is due until then; answers how many were brought. */
  deliver(servers: Servers, until: number): Promise<number>;
  /** Payments of which a webhook was answered by 200, and when that was. */
  readonly heard: Map<string, number>;
  readonly figures: { events: number; lost: number; late: number; delivered: number; givenUp: number };
}

interface Copy {
  readonly event: string;
  readonly payment: string | null;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const news = ['payment.captured', 'order.paid'];

export function startPost(chance: Chance, now: () => number, lost: number): Post {
  const figures = { events: 0, lost: 0, late: 0, delivered: 0, givenUp: 0 };
  const heard = new Map<string, number>();
  const agenda = openAgenda<Copy>();
  const fates = new Map<string, 'lost' | 'late' | 'soon'>();
  const fateOf = (payment: string) => {
    const fate = fates.get(payment) ?? (chance.is(lost) ? 'lost' : oneOf(chance, { soon: 4, late: 1 }));
    fates.set(payment, fate);
    return fate;
  };
  const delay = (fate: 'late' | 'soon') => (fate === 'soon' ? chance.below(2 * minute) : hour + chance.below(4 * day));
  return {
    heard,
    figures,
    tell: (event, payload, at) => {
      figures.events += 1;
      const payment = (payload.payment?.entity as { id: string } | undefined)?.id ?? null;
      const fate =
        event.startsWith('refund.') || payment === null ? oneOf(chance, { soon: 2, late: 1 }) : fateOf(payment);
      if (fate === 'lost') {
        figures.lost += 1;
        return;
      }
      if (fate === 'late') figures.late += 1;
      const text = {
        entity: 'event',
        account_id: 'acc_LifeAccount001',
        event,
        contains: Object.keys(payload),
        payload,
        created_at: at,
      };
      const body = JSON.stringify(text);
      const headers = {
        'content-type': 'application/json',
        'x-razorpay-signature': createHmac('sha256', credentials.webhookSecret).update(body).digest('hex'),
        'x-razorpay-event-id': `evl${String(figures.events).padStart(11, '0')}`,
      };
      for (let copies = chance.is(0.2) ? 2 : 1; copies > 0; copies -= 1) {
        agenda.plan(at * 1000 + delay(fate), { event, payment, body, headers });
      }
    },
    deliver: async (servers, until) => {
      const before = figures.delivered;
      for (const { at, what } of agenda.due(until)) {
        if (!what.event.startsWith('refund.') && until - at > day && chance.is(0.5)) {
          figures.givenUp += 1;
          continue;
        }
        const { headers, body } = what;
        const { status } = await servers.ask(chance.below(2), {
          method: 'POST',
          path: '/api/billing/webhook',
          headers,
          body,
        });
        if (status !== 200) throw new Error(`a webhook was answered by ${status}`);
        figures.delivered += 1;
        if (what.payment !== null && news.includes(what.event) && !heard.has(what.payment))
          heard.set(what.payment, now());
      }
      return figures.delivered - before;
    },
  };
}
