// The operator's command line as words: what each command is read as, and what is wrong with the others.
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../sync-server/admin/arguments.ts';

describe('a command is read', () => {
  test.each([
    ['verify', { name: 'verify', org: null }],
    ['verify --org org_1', { name: 'verify', org: 'org_1' }],
    ['orgs', { name: 'orgs', query: '' }],
    ['orgs asha medicals', { name: 'orgs', query: 'asha medicals' }],
    ['org org_1', { name: 'org', org: 'org_1' }],
    ['credits org_1 500 good will', { name: 'credits', org: 'org_1', delta: 500, reason: 'good will', key: null }],
    ['credits org_1 -500 x --key k-1', { name: 'credits', org: 'org_1', delta: -500, reason: 'x', key: 'k-1' }],
    ['credits org_1 +5 x', { name: 'credits', org: 'org_1', delta: 5, reason: 'x', key: null }],
    ['refund pur_1 by telephone', { name: 'refund', purchase: 'pur_1', wish: { reason: 'by telephone' }, key: null }],
    [
      'refund pur_1 x --paise 250000 --payment pay_1 --org org_1 --key t-1',
      {
        ...{ name: 'refund', purchase: 'pur_1', key: 't-1' },
        wish: { reason: 'x', amountPaise: 250_000, paymentId: 'pay_1', org: 'org_1' },
      },
    ],
    ['reconcile', { name: 'reconcile' }],
    ['audit org_1', { name: 'audit', org: 'org_1' }],
    ['webhooks', { name: 'webhooks', state: null }],
    ['webhooks --state=parked', { name: 'webhooks', state: 'parked' }],
    ['replay 12', { name: 'replay', webhook: 12 }],
    ['alarms', { name: 'alarms', state: 'open' }],
    ['alarms --state=all', { name: 'alarms', state: 'all' }],
    ['alarms close 12', { name: 'alarms close', alarm: 12 }],
    ['rotate-entitlement-key', { name: 'rotate-entitlement-key', atOnce: false }],
    ['rotate-entitlement-key --at-once', { name: 'rotate-entitlement-key', atOnce: true }],
    ['invoices', { name: 'invoices', from: null, to: null }],
    ['invoices --from 2026-04-01', { name: 'invoices', from: '2026-04-01', to: null }],
    ['invoices --from=2026-04-01 --to 2027-03-31', { name: 'invoices', from: '2026-04-01', to: '2027-03-31' }],
    ['invoices inv01 PP/26-27/000001', { name: 'invoices inv01', document: 'PP/26-27/000001' }],
  ])('%s', (line, command) => {
    expect(readArguments(line.split(' '))).toEqual({ ok: true, command, json: false });
    expect(readArguments(['--json', ...line.split(' ')])).toEqual({ ok: true, command, json: true });
  });

  test('--help before everything else', () => {
    for (const words of [['--help'], ['-h'], ['credits', '--help'], ['repair', '-h']]) {
      expect(readArguments(words)).toBe('help');
    }
  });
});

describe('what is wrong is said', () => {
  test.each([
    [[], 'a command is needed'],
    [['repair'], 'no command repair'],
    [['constructor'], 'no command constructor'],
    [['refund', 'pur_1'], 'more arguments'],
    [['refund', 'pur_1', 'x', '--paise', '2500.00'], 'whole number of paise'],
    [['refund', 'pur_1', 'x', '--paise', '-5'], 'whole number of paise'],
    [['refund', 'pur_1', 'x', '--paise', '0'], '--paise'],
    [['refund', 'pur_1', 'x', '--rupees', '2500'], 'no option --rupees'],
    [['refund', 'pur_1', 'x', '--key', 'a b'], '--key must be'],
    [['refund', 'pur_1', ' '], 'REASON'],
    [['reconcile', 'pur_1'], 'takes no argument'],
    [['org'], 'more arguments'],
    [['org', 'a', 'b'], 'takes no argument "b"'],
    [['credits', 'org_1', '5'], 'more arguments'],
    [['credits', 'org_1', '0', 'x'], 'DELTA'],
    [['credits', 'org_1', '1.5', 'x'], 'DELTA'],
    [['credits', 'org_1', '1e3', 'x'], 'DELTA'],
    [['credits', 'org_1', '1000000000001', 'x'], 'DELTA'],
    [['credits', 'org_1', '5', ' '], 'REASON'],
    [['credits', 'org_1', '5', 'x'.repeat(201)], 'REASON'],
    [['credits', 'org_1', '5', 'x', '--key', 'a b'], '--key'],
    [['verify', '--state', 'x'], 'verify has no option --state'],
    [['verify', '--at-once'], 'verify has no option --at-once'],
    [['rotate-entitlement-key', 'now'], 'takes no argument "now"'],
    [['verify', 'org_1'], 'takes no argument "org_1"'],
    [['verify', '--org'], '--org needs a value'],
    [['webhooks', '--state', 'lost'], '--state must be one of'],
    [['replay', 'x'], 'number of a webhook'],
    [['alarms', 'open'], 'alarms takes no argument "open"'],
    [['alarms', 'close'], 'number of an alarm'],
    [['alarms', 'close', 'x'], 'number of an alarm'],
    [['alarms', 'close', '1', '2'], 'alarms takes no argument "2"'],
    [['alarms', 'close', '1', '--state', 'all'], 'no option --state'],
    [['alarms', '--state', 'lost'], '--state must be one of'],
    [['invoices', 'all'], 'invoices takes no argument "all"'],
    [['invoices', '--from', 'May'], '--from must be a date'],
    [['invoices', '--from', '2026-04-02', '--to', '2026-04-01'], '--to not before --from'],
    [['invoices', '--org', 'org_1'], 'invoices has no option --org'],
    [['invoices', 'inv01'], 'needs the id or the number'],
    [['invoices', 'inv01', 'a', '--from', '2026-04-01'], 'takes no options'],
    [['replay', '1'.repeat(16)], 'number of a webhook'],
  ])('%j', (words, said) => {
    expect(readArguments(words)).toEqual({ ok: false, fault: expect.stringContaining(said) });
  });
});
