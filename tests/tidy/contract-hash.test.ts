// What server, counter and renderer say to each other does not change unnoticed.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as ai from '../../shared/contract/ai.ts';
import * as billing from '../../shared/contract/billing.ts';
import * as credits from '../../shared/contract/credits.ts';
import * as devices from '../../shared/contract/devices.ts';
import * as feedColumns from '../../shared/contract/feed-columns.ts';
import * as frames from '../../shared/contract/frames.ts';
import * as invoices from '../../shared/contract/invoices.ts';
import * as ipc from '../../shared/contract/ipc.ts';
import * as profile from '../../shared/contract/profile.ts';
import { protocolVersion } from '../../shared/contract/protocol.ts';
import * as settings from '../../shared/contract/settings.ts';
import * as sync from '../../shared/contract/sync.ts';
import * as entry from '../../shared/ledger/entry.ts';
import { contractHash } from './contract.ts';
import recorded from './contract-hash.json' with { type: 'json' };

const files = {
  'shared/contract/ai.ts': ai,
  'shared/contract/billing.ts': billing,
  'shared/contract/credits.ts': credits,
  'shared/contract/devices.ts': devices,
  'shared/contract/feed-columns.ts': feedColumns,
  'shared/contract/frames.ts': frames,
  'shared/contract/invoices.ts': invoices,
  'shared/contract/ipc.ts': ipc,
  'shared/contract/profile.ts': profile,
  'shared/contract/settings.ts': settings,
  'shared/contract/sync.ts': sync,
  'shared/ledger/entry.ts': entry,
};
const versions: Readonly<Record<string, Readonly<Record<string, string>>>> = recorded;

describe('the contract', () => {
  test.each(Object.entries(files))('%s is as recorded for this protocol version', (file, module) => {
    const { hash } = contractHash(module);
    expect(
      versions[protocolVersion]?.[file],
      `${file} has changed shape. If a released counter or server could notice, raise protocolVersion in ` +
        'shared/contract/protocol.ts with a line in its history, and record all hashes under the new version. If none ' +
        `could, only record this one. tests/tidy/contract-hash.json, version ${protocolVersion}: "${file}": "${hash}"`,
    ).toBe(hash);
  });

  test('has a record for every version and for no other file', () => {
    expect(Object.keys(versions)).toEqual(Array.from({ length: protocolVersion }, (_, at) => String(at + 1)));
    expect(Object.keys(versions[protocolVersion] ?? {}).sort()).toEqual(Object.keys(files).sort());
  });

  test('is really looked at', () => {
    for (const module of Object.values(files)) expect(contractHash(module).count).toBeGreaterThan(2);
  });
});

describe('the hash', () => {
  const base = { request: z.object({ id: z.string().max(8), n: z.int().optional() }), calls: { a: { b: z.string() } } };
  const hash = (module: Record<string, unknown>) => contractHash(module).hash;

  test('stays with the order of fields, names of types and functions', () => {
    const same = { calls: base.calls, request: z.object({ n: z.int().optional(), id: z.string().max(8) }), f: () => 1 };
    expect(hash(same)).toBe(hash(base));
  });

  test.each([
    ['a bound', { ...base, request: z.object({ id: z.string().max(9), n: z.int().optional() }) }],
    ['a field', { ...base, request: base.request.extend({ more: z.string().optional() }) }],
    ['a field that must be there', { ...base, request: base.request.required() }],
    ['a schema within a table', { ...base, calls: { a: { b: z.string().nullable() } } }],
    ['a schema that is gone', { calls: base.calls }],
  ])('changes with %s', (_what, changed) => {
    expect(hash(changed)).not.toBe(hash(base));
  });
});
