// What an operator reads of each fault: where it is, what should stand there and what does. verify-findings.txt has it for
// every case, checked by eye; a change of a word is made there by hand.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startSeries } from '../../../sync-server/ledger/verify-documents.ts';
import type { Findings } from '../../../sync-server/ledger/verify-facts.ts';
import { ledgerCases } from './verify-cases.ts';
import { changed, hold, payment, set } from './verify-changes.ts';
import { type History, now, rightHistory, show } from './verify-history.ts';
import { moneyCases } from './verify-money-cases.ts';

/** Hashes in eight digits, so that a line can be read. */
const short = (text: string) => text.replace(/\b([0-9a-f]{8})[0-9a-f]{56}\b/g, '$1…');

function listing() {
  const [faults, attention]: [string[], string[]] = [[], []];
  const findings: Findings = {
    fault: (kind, subject, expected, found) => faults.push(short(`${kind} ${subject}: ${expected} | ${found}`)),
    attention: (kind, subject, detail) => attention.push(`${kind} ${subject}: ${detail}`),
  };
  return { faults, attention, findings };
}

function told(history: History, at = now) {
  const list = listing();
  show(history, at, list.findings);
  return list;
}

const lines = readFileSync(new URL('verify-findings.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

test('every fault says what should stand there and what does', () => {
  const all = [...ledgerCases, ...moneyCases].flatMap(([kind, what, make]) => [
    `${kind}: ${what}`,
    ...told(make()).faults.map((line) => `    ${line}`),
  ]);
  expect(all).toEqual(lines);
});

test('a fault in a series of numbers says the number that should be there', () => {
  const list = listing();
  const series = startSeries([{ series: 'PP', financialYear: '26-27', lastSerial: 9 }], list.findings);
  for (const serial of [1, 1, 4]) series.number({ series: 'PP', financialYear: '26-27', serial });
  series.number({ series: 'PC', financialYear: '26-27', serial: 1 });
  series.finish();
  expect(list.faults).toEqual([
    'series_twice series PP/26-27: 2 | 1',
    'series_gap series PP/26-27: 2 | 4',
    'series_counter series PP/26-27: 4 | 9',
    'series_counter series PC/26-27: 1 | null',
  ]);
});

test('money that waits is told with its sum, its purchase and its reason, or that none was kept', () => {
  const [before] = told(rightHistory()).attention;
  expect(before).toBe(
    'money_review payment pay_pur_review: 249999 paise (INR) for purchase pur_review: 249999 paise instead of 250000',
  );
  const unsaid = changed((own) => set(payment(own, 'pur_review'), { effect: 'refund_due', reason: null }));
  expect(told(unsaid).attention).toEqual([
    'money_refund_due payment pay_pur_review: 249999 paise (INR) for purchase pur_review: no reason kept',
  ]);
});

test('a forgotten hold is told with its credits and its time; one that was given back is not', () => {
  const later = new Date('2027-10-03T06:30:00.000Z');
  const [first] = told(rightHistory(), later).attention;
  expect(first).toBe('hold_overdue hold hold_open: 500 credits, expired 2027-10-02T06:40:00.000Z');
  const given = changed((own) => {
    set(hold(own, 'hold_open'), { state: 'expired', closedAt: '2027-10-02T06:41:00.000Z' });
    set(own.cache ?? {}, { held: 0 });
  });
  expect(told(given, later)).toMatchObject({ faults: [], attention: [expect.stringMatching(/^money_review /)] });
});
