// Histories whose ledger is wrong in one way each: what the verifier must call them, and what else they are besides.
import type { FaultKind } from '../../../shared/contract/admin.ts';
import { changed, changedCache, entry, hold, purchase, rewritten, set, without } from './verify-changes.ts';
import { type History, now } from './verify-history.ts';

/** The fault, how it came to be, the history, and further faults that cannot but come with it. */
export type Case = readonly [FaultKind, string, () => History, (readonly FaultKind[])?];

export const ledgerCases: readonly Case[] = [
  ['org_incomplete', 'no cache row', () => changed((own) => set(own, { cache: null }))],
  ['org_incomplete', 'no subscription row', () => changed((own) => set(own, { subscription: null }))],
  [
    'entry_gap',
    'an entry is gone from the middle',
    () => changed((own) => without(own.entries, entry(own, 3))),
    ['entry_balance', 'entry_hash'],
  ],
  [
    'entry_gap',
    'an entry stands there twice',
    () => changed((own) => own.entries.splice(3, 0, entry(own, 3))),
    ['entry_balance', 'entry_hash'],
  ],
  [
    'entry_gap',
    'the first entry is gone',
    () => changed((own) => own.entries.shift()),
    ['entry_balance', 'entry_hash', 'grant_missing'],
  ],
  [
    'entry_balance',
    'more was taken than the balance says',
    () => changed((own) => set(entry(own, 3), { delta: -1_201 })),
    ['entry_hash'],
  ],
  [
    'entry_negative',
    'more was taken than there was',
    () =>
      rewritten((own) => own.push({ delta: -900_000, kind: 'spend', reference: null, occurredAt: now.toISOString() })),
    ['cache_overheld'],
  ],
  ['entry_hash', 'another counter is named', () => changed((own) => set(entry(own, 3), { actor: 'dev_2' }))],
  [
    'entry_hash',
    'it happened at another time',
    () => changed((own) => set(entry(own, 3), { occurredAt: now.toISOString() })),
  ],
  ['entry_text', 'an empty text for none', () => rewritten((own) => set(own[2] ?? {}, { reference: '' }))],
  ['entry_text', 'a line break', () => rewritten((own) => set(own[2] ?? {}, { reference: 'bill\n42' }))],
  ['entry_sign', 'a spend that gives', () => rewritten((own) => set(own[2] ?? {}, { delta: 1_200 }))],
  ['entry_sign', 'a reversal that gives', () => rewritten((own) => set(own[6] ?? {}, { delta: 2_360 }))],
  ['entry_sign', 'nothing', () => rewritten((own) => set(own[5] ?? {}, { delta: 0 }))],
  ['cache_balance', 'one credit more', () => changedCache({ balance: 196_191 })],
  ['cache_seq', 'one entry more', () => changedCache({ seq: 8 })],
  ['cache_hash', 'another hash', () => changedCache({ hash: 'f'.repeat(64) })],
  ['cache_held', 'a hold that nobody has', () => changedCache({ held: 501 })],
  ['cache_balance', 'the last entry is gone', () => changed((own) => own.entries.pop()), ['cache_hash', 'cache_seq']],
  [
    'cache_overheld',
    'more is held than there is',
    () =>
      changed((own) => {
        hold(own, 'hold_open').amount = 196_191;
        set(own.cache ?? {}, { held: 196_191 });
      }),
  ],
  [
    'hold_state',
    'open and closed',
    () => changed((own) => set(hold(own, 'hold_open'), { closedAt: now.toISOString() })),
  ],
  [
    'hold_state',
    'captured without an amount',
    () => changed((own) => set(hold(own, 'hold_taken'), { capturedAmount: null })),
    ['hold_entry'],
  ],
  ['hold_amount', 'more captured than held', () => changed((own) => set(hold(own, 'hold_taken'), { amount: 299 }))],
  [
    'hold_entry',
    'another amount than the entry',
    () => changed((own) => set(hold(own, 'hold_taken'), { capturedAmount: 301 })),
  ],
  ['hold_entry', "another hold's entry", () => changed((own) => set(hold(own, 'hold_taken'), { entrySeq: 3 }))],
  ['hold_entry', 'an entry that is not there', () => changed((own) => set(hold(own, 'hold_taken'), { entrySeq: 8 }))],
  [
    'hold_twice',
    'two holds of one entry',
    () => changed((own) => own.holds.push({ ...hold(own, 'hold_taken'), holdId: 'hold_other' })),
    ['hold_entry'],
  ],
  ['grant_twice', 'one month twice', () => rewritten((own) => own.push(structuredClone(own[4] ?? {})))],
  ['grant_amount', 'another amount', () => rewritten((own) => set(own[4] ?? {}, { delta: 50_001 }))],
  [
    'grant_month',
    'before the plan',
    () => rewritten((own) => set(own[4] ?? {}, { reference: '2026-10' })),
    ['grant_missing'],
  ],
  [
    'grant_month',
    'ahead of time',
    () => rewritten((own) => set(own[4] ?? {}, { reference: '2027-11' })),
    ['grant_missing'],
  ],
  [
    'grant_month',
    'not a month',
    () => rewritten((own) => set(own[4] ?? {}, { reference: '2026-13' })),
    ['grant_missing'],
  ],
  ['grant_month', 'no month', () => rewritten((own) => set(own[4] ?? {}, { reference: null })), ['grant_missing']],
  [
    'grant_twice',
    'no month twice',
    () => rewritten((own) => own.push({ ...own[4], reference: null }, { ...own[4], reference: null })),
    ['grant_month'],
  ],
  [
    'grant_month',
    'after the plan was refunded',
    () =>
      changed((own) => {
        set(purchase(own, 'pur_plan'), { state: 'refunded', closedAt: '2026-11-30T18:00:00.000Z' });
      }),
    ['grant_schedule', 'next_due', 'plan_effect', 'refund_state'],
  ],
  [
    'grant_missing',
    'a month that was decided',
    () => changed((own) => set(own.subscription ?? {}, { nextGrantAt: '2027-01-31T18:30:00.000Z' })),
  ],
  [
    'grant_schedule',
    'a mark within a month',
    () => changed((own) => set(own.subscription ?? {}, { nextGrantAt: '2026-12-31T18:30:00.001Z' })),
  ],
  [
    'grant_schedule',
    'a mark that jumps the month after next',
    () => changed((own) => set(own.subscription ?? {}, { nextGrantAt: '2027-11-30T18:30:00.000Z' })),
    ['grant_missing'],
  ],
  [
    'grant_schedule',
    'no mark though the plan is paid',
    () => changed((own) => set(own.subscription ?? {}, { nextGrantAt: null })),
  ],
  ['grant_missing', 'the month of purchase', () => rewritten((own) => set(own[0] ?? {}, { reference: '2027-01' }))],
  ['topup_missing', 'paid and not given', () => rewritten((own) => own.splice(1, 1))],
  ['topup_twice', 'given twice', () => rewritten((own) => own.push(structuredClone(own[1] ?? {})))],
  ['topup_amount', 'one credit too few', () => rewritten((own) => set(own[1] ?? {}, { delta: 99_999 }))],
  [
    'topup_of_no_purchase',
    'for a purchase that was never paid',
    () => rewritten((own) => own.push({ ...own[1], reference: 'pur_review' })),
  ],
  [
    'reversal_of_no_purchase',
    'of a purchase that was never paid',
    () => rewritten((own) => set(own[6] ?? {}, { reference: 'pur_review' })),
  ],
  ['reversal_of_no_purchase', 'of nothing', () => rewritten((own) => set(own[6] ?? {}, { reference: null }))],
];
