// Ledgers for the played counter: every kind of entry, one of a newer server among them.
import type { LedgerEntryView } from '../../shared/contract/ledger-views.ts';

/** 22 November 2026, 4:05 pm in India: where all scenarios stand. */
export const playedNow = '2026-11-22T10:35:00.000Z';

const rows: readonly [number, string, string | null, string | null][] = [
  [-1_200, 'spend', 'ai.assist', 'bill 4471'],
  [-350, 'spend', 'ai.batch', 'stock list November'],
  [50_000, 'topup', null, 'pur_paid'],
  [-4_000, 'spend', 'ocr.prescription', null],
  [500, 'goodwill_bonus', null, 'Diwali'],
  [-2_000, 'adjustment', null, 'ticket 118'],
  [-25_000, 'reversal', null, 'pur_refunded'],
  [50_000, 'monthly_grant', null, '2026-11'],
];

export function ledgerOf(count: number): LedgerEntryView[] {
  const entries: LedgerEntryView[] = [];
  let balance = 0;
  for (let seq = 1; seq <= count; seq += 1) {
    const [delta, kind, feature, reference] = rows[(count - seq) % rows.length] ?? [1, 'adjustment', null, null];
    balance += delta;
    entries.unshift({
      seq,
      delta,
      balanceAfter: Math.abs(balance),
      kind,
      reference,
      actor: 'dev_front',
      feature,
      occurredAt: new Date(Date.parse(playedNow) - (count - seq) * 5_400_000).toISOString(),
      ...(kind === 'goodwill_bonus' ? { more: [{ name: 'campaign', value: 'Diwali 2026' }] } : {}),
    });
  }
  return entries;
}
