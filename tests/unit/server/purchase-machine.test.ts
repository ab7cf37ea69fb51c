// The purchase machine, cell by cell, against a table written down here in words of its own.
import { describe, expect, test } from 'vitest';
import { type PurchaseState, purchaseState } from '../../../shared/contract/billing.ts';
import { movePurchase, type PurchaseEvent, purchaseTable } from '../../../sync-server/purchase/machine.ts';

/** "paid + settle": goes to paid, with that effect. "same + review": stays where it is, with that effect. */
const expected: Readonly<Record<PurchaseState, Readonly<Record<PurchaseEvent, string>>>> = {
  // Money decides at once; nothing else but the user and the time end it.
  awaiting_payment: {
    paid_in_full: 'paid + settle',
    paid_wrong: 'under_review + review',
    paid_as_second: 'under_review + refund',
    attempt_failed: 'same + note_failure',
    cancel: 'cancelled',
    expire: 'expired',
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  // Never granted twice: more money is a person's business.
  paid: {
    paid_in_full: 'same + review',
    paid_wrong: 'same + review',
    paid_as_second: 'same + review',
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'refunded',
    won_back: 'nothing',
  },
  // Waits for a person, whatever comes.
  under_review: {
    paid_in_full: 'same + review',
    paid_wrong: 'same + review',
    paid_as_second: 'same + review',
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'refunded',
    won_back: 'nothing',
  },
  // Money that comes late is honoured as if nothing had been.
  cancelled: {
    paid_in_full: 'paid + settle',
    paid_wrong: 'under_review + review',
    paid_as_second: 'under_review + refund',
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  expired: {
    paid_in_full: 'paid + settle',
    paid_wrong: 'under_review + review',
    paid_as_second: 'under_review + refund',
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  // The end: it never moves again, unless the bank says that the dispute which took the money was won after all.
  refunded: {
    paid_in_full: 'same + review',
    paid_wrong: 'same + review',
    paid_as_second: 'same + review',
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: 'paid',
  },
};

function inWords(state: PurchaseState, event: PurchaseEvent): string {
  const move = movePurchase(state, event);
  if (typeof move === 'string') return move;
  const to = move.to === state ? 'same' : move.to;
  return move.effect === null ? to : `${to} + ${move.effect}`;
}

const states = purchaseState.options;
const cells = states.flatMap((state) =>
  (Object.keys(expected[state]) as PurchaseEvent[]).map((event) => [state, event] as const),
);

describe('a purchase', () => {
  test.each(cells)('%s, %s', (state, event) => {
    expect(inWords(state, event)).toBe(expected[state][event]);
  });

  test('has a cell for every state and every event, and no other', () => {
    expect(Object.keys(purchaseTable).sort()).toEqual([...states].sort());
    for (const state of states) {
      expect(Object.keys(purchaseTable[state]).sort(), state).toEqual(Object.keys(expected[state]).sort());
    }
  });

  test('never leaves paid but to refunded, and never leaves refunded but when a lost dispute is won', () => {
    const reached = (state: PurchaseState) =>
      cells
        .filter(([from, event]) => from === state && event !== 'won_back')
        .map(([from, event]) => movePurchase(from, event))
        .flatMap((move) => (typeof move === 'string' ? [] : [move.to]));
    expect(new Set(reached('paid'))).toEqual(new Set(['paid', 'refunded']));
    expect(new Set(reached('refunded'))).toEqual(new Set(['refunded']));
    expect(states.filter((state) => reached(state).includes('awaiting_payment'))).toEqual(['awaiting_payment']);
  });

  test('is settled only on the way to paid, and money never has no effect', () => {
    for (const [state, event] of cells) {
      const move = movePurchase(state, event);
      if (typeof move !== 'string' && move.effect === 'settle') {
        expect([state, event, move.to]).toEqual([state, 'paid_in_full', 'paid']);
        expect(state).not.toBe('paid');
      }
      if (event.startsWith('paid_')) expect(typeof move === 'string' ? null : move.effect).not.toBeNull();
    }
  });
});
