// The operator's document says what is so: every alarm, event, state, command, setting and metric that it should name is in it,
// and none that does not exist.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alarmCatalogue } from '../../../shared/contract/alarms.ts';
import { purchaseState } from '../../../shared/contract/billing.ts';
import { readArguments } from '../../../sync-server/admin/arguments.ts';
import { createMetrics } from '../../../sync-server/metrics.ts';
import { reportOf as reportOfRazorpay } from '../../../sync-server/providers/razorpay-webhook.ts';
import { reportOf as reportOfStripe } from '../../../sync-server/providers/stripe-webhook.ts';

const root = new URL('../../../', import.meta.url);
const text = readFileSync(new URL('docs/operating-payments.md', root), 'utf8');
const settings = readFileSync(new URL('sync-server/config.ts', root), 'utf8');

/** The tables, by the name of their first column: rows of cells without the head. */
const tables = new Map(
  text
    .split('\n\n')
    .filter((block) => block.startsWith('| '))
    .map((block) => {
      const rows = block.split('\n').map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
      const cells = rows.map((row) => row.map((cell) => cell.trim()));
      return [cells[0]?.[0] ?? '', cells.slice(2)] as const;
    }),
);
const rowsOf = (head: string) => tables.get(head) ?? [];
const namesOf = (head: string) => rowsOf(head).map(([name = '']) => name.replaceAll('`', ''));

test('every kind of alarm has a row that says what happened, what to do and with what; no other has one', () => {
  expect(namesOf('alarm').toSorted()).toEqual(Object.keys(alarmCatalogue).toSorted());
  for (const row of rowsOf('alarm')) {
    expect(row).toHaveLength(4);
    expect(row.every((cell) => cell.length > 5)).toBe(true);
  }
});

describe('every event that is to be switched on is understood by the adapter', () => {
  const body = (fields: object) => Buffer.from(JSON.stringify({ created: 1, livemode: false, ...fields }));
  const whyOf = (report: { kind: string; why?: string }) => report.why ?? '';

  test.each(namesOf('event at Razorpay'))('Razorpay: %s', (event) => {
    expect(whyOf(reportOfRazorpay(body({ event, payload: {} })))).not.toContain('changes nothing here');
  });
  test.each(namesOf('event at Stripe'))('Stripe: %s', (type) => {
    const report = reportOfStripe(body({ id: 'evt_1', type, data: { object: {} } }), 'test');
    expect(whyOf(report)).not.toContain('changes nothing here');
  });
  test('and there are some of each', () => {
    expect(namesOf('event at Razorpay')).toContain('refund.processed');
    expect(namesOf('event at Stripe')).toContain('refund.updated');
  });
});

test('every state of a purchase is explained', () => {
  expect(namesOf('state').toSorted()).toEqual(purchaseState.options.toSorted());
});

test('every setting of a provider is named, and every setting that is named exists', () => {
  const named = new Set(text.match(/\b(RAZORPAY|STRIPE)_[A-Z_]+[A-Z]\b/g));
  expect([...named].toSorted()).toEqual([...new Set(settings.match(/\b(RAZORPAY|STRIPE)_[A-Z_]+[A-Z]\b/g))].toSorted());
});

test('every command is one that the program takes', () => {
  const commands = [...text.matchAll(/npm run admin -- ([^`\n]+)/g)].map(([, words = '']) => words.trim());
  expect(commands.length).toBeGreaterThan(8);
  const faults = commands.filter((words) => {
    const read = readArguments(words.split(' '));
    return read === 'help' || !read.ok;
  });
  expect(faults).toEqual([]);
});

test('every metric is one that the server counts, with outcomes that it counts', async () => {
  const counted = await createMetrics({ ledgerWaiting: () => 0, ofProcess: false }).text();
  const named = new Set(text.match(/\bpharmapulse_[a-z_]+/g));
  expect(named.size).toBeGreaterThan(6);
  expect([...named].filter((name) => !counted.includes(name.replace(/_count$/, '')))).toEqual([]);
  const selected = [...text.matchAll(/(pharmapulse_[a-z_]+)(\{outcome="[a-z_]+"\})/g)].map(([whole]) => whole);
  expect(selected.filter((one) => !counted.includes(one))).toEqual([]);
});
