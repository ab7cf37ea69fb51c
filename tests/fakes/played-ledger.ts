// Ledgers for the played counter: used four times a day, credits of the month on its first day, and lately every other kind of
// entry, one of a newer server among them. Balances add up.
import type { LedgerEntryView } from '../../shared/contract/ledger-views.ts';
import { businessDate } from '../../shared/plan/service-year.ts';

/** 22 November 2026, 4:05 pm in India: where all scenarios stand. */
export const playedNow = '2026-11-22T10:35:00.000Z';

/** What the newest entry of a typical ledger leaves. */
export const playedBalance = 144_500;

type Row = readonly [delta: number, kind: string, feature: string | null, reference: string | null];

const uses: readonly Row[] = [
  [-1_200, 'spend', 'ai.assist', 'bill 4471'],
  [-350, 'spend', 'ai.batch', 'stock list November'],
  [-4_000, 'spend', 'ocr.prescription', null],
];

/** By how many entries came after. */
const lately: Readonly<Record<number, Row>> = {
  2: [50_000, 'topup', null, 'pur_paid'],
  4: [500, 'goodwill_bonus', null, 'Diwali'],
  5: [-2_000, 'adjustment', null, 'ticket 118'],
  6: [-25_000, 'reversal', null, 'pur_refunded'],
};

const stepMs = 6 * 3_600_000;
const at = (age: number) => new Date(Date.parse(playedNow) - age * stepMs);

function rowOf(age: number): Row {
  const day = businessDate(at(age));
  const first = day.endsWith('-01') && businessDate(at(age + 1)) !== day;
  if (first) return [50_000, 'monthly_grant', null, day.slice(0, 7)];
  return lately[age] ?? uses[age % uses.length] ?? [0, 'adjustment', null, null];
}

/** Newest first. The oldest of them brings the balance over from before, so that the newest leaves `balance`. */
export function ledgerOf(count: number, balance = playedBalance): LedgerEntryView[] {
  let balanceAfter = balance;
  return Array.from({ length: count }, (_, age) => {
    const oldest = age === count - 1;
    const [delta, kind, feature, reference] = oldest
      ? ([balanceAfter, 'adjustment', null, 'brought over'] as const)
      : rowOf(age);
    const entry: LedgerEntryView = {
      seq: count - age,
      delta,
      balanceAfter,
      kind,
      reference,
      actor: kind === 'adjustment' ? 'operator' : kind === 'monthly_grant' ? 'system' : 'dev_front',
      feature,
      occurredAt: at(age).toISOString(),
      ...(kind === 'goodwill_bonus' ? { more: [{ name: 'campaign', value: 'Diwali 2026' }] } : {}),
    };
    balanceAfter -= delta;
    return entry;
  });
}
