// Owns reading a list of Stripe's to its end, within bounds: a part of a list is no answer to "is it there?".

import { z } from 'zod';
import type { Answer, Call } from './call.ts';
import { unknown } from './fault.ts';
import { pageOf } from './stripe-entities.ts';

const MOST_PAGES = 20;

export interface PageAsked {
  readonly limit: number;
  readonly starting_after?: string;
}

const anyId = z.object({ id: z.string().min(1) });

/** Every item, newest first as Stripe tells them; `unknown` where the list does not end within the bound. */
export async function readAll<T>(
  call: Call,
  item: z.ZodType<T>,
  send: (asked: PageAsked) => Promise<unknown>,
): Promise<Answer<readonly T[]>> {
  // The id is read beside the item: an item that the caller reads as nothing still says where the next page begins.
  const withId = z.unknown().transform((told) => ({ id: anyId.safeParse(told).data?.id ?? null, told }));
  const all: T[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const asked: PageAsked = after === null ? { limit: 100 } : { limit: 100, starting_after: after };
    const answer = await call(pageOf(withId), () => send(asked));
    if (!answer.ok) return answer;
    for (const { told } of answer.value.data) {
      const read = item.safeParse(told);
      if (!read.success) return { ...unknown('the list has an item that cannot be read'), fault: null };
      all.push(read.data);
    }
    const next: string | null = answer.value.data.at(-1)?.id ?? null;
    if (!answer.value.has_more) return { ok: true, value: all };
    if (next === null) return { ...unknown('the list goes on from nowhere'), fault: null };
    after = next;
  }
  return { ...unknown(`the list has more than ${MOST_PAGES} pages`), fault: null };
}
