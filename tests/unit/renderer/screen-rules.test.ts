import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { qrPath } from '../../../renderer/components/qr-path.ts';
import { addressOf, screenOf, screens } from '../../../renderer/store/route.ts';
import { isSecondTopUp } from '../../../renderer/store/same-top-up.ts';
import { isWebAddress } from '../../../renderer/store/web-address.ts';
import { en } from '../../../renderer/text/en.ts';
import {
  groupedCode,
  joinFaults,
  pinHint,
  serverFaults,
  signUpFaults,
  signUpFields,
  signUpRequestOf,
} from '../../../renderer/views/form-faults.ts';
import { signUpRequest } from '../../../shared/contract/devices.ts';
import { emptyPurchase } from '../../fakes/played-counter.ts';

const form = {
  legalName: ' Shree Ganesh Medicals ',
  address: '12 MG Road\nShivaji Nagar',
  stateCode: '27',
  pin: '411 005',
  gstin: '',
  phone: '',
  email: '',
  branchName: 'Main branch',
  deviceName: 'Counter 1',
};

describe('the sign-up form', () => {
  test('a filled form has no fault and is a request as the contract wants it', () => {
    expect(signUpFaults(form, en)).toEqual({});
    const request = signUpRequestOf(form);
    expect(signUpRequest.parse(request)).toMatchObject({
      legalName: 'Shree Ganesh Medicals',
      pin: '411005',
      gstin: null,
    });
    expect(request.address).toBe('12 MG Road, Shivaji Nagar');
  });
  test('each empty or wrong field is named', () => {
    const wrong = {
      ...form,
      legalName: ' ',
      address: '',
      stateCode: '',
      pin: '012',
      email: 'x',
      phone: 'call me',
      deviceName: '',
    };
    const found = signUpFaults({ ...wrong, branchName: '' }, en);
    expect(Object.keys(found).sort()).toEqual(
      ['address', 'branchName', 'deviceName', 'email', 'legalName', 'phone', 'pin', 'stateCode'].sort(),
    );
  });
  test('a GSTIN is checked, and against the state', () => {
    expect(signUpFaults({ ...form, gstin: '27AAPFU0939F1ZX' }, en).gstin).toBe(
      en.activation.gstinFaults.check_character,
    );
    expect(signUpFaults({ ...form, gstin: '27 aapfu0939f1zv' }, en).gstin).toBeUndefined();
    expect(signUpFaults({ ...form, gstin: '27AAPFU0939F1ZV', stateCode: '29' }, en).gstin).toContain('Maharashtra');
  });
  test('an unusual PIN is a hint and no fault', () => {
    expect(pinHint({ ...form, pin: '560001' }, en)).toContain('Maharashtra');
    expect(pinHint(form, en)).toBeUndefined();
    expect(signUpFaults({ ...form, pin: '560001' }, en)).toEqual({});
  });
  test('faults of the server land on their fields, and unknown ones on none', () => {
    const details = {
      faults: [
        { path: 'gstin', reason: 'r' },
        { path: 'shoe', reason: 'r' },
      ],
    };
    expect(serverFaults(signUpFields, { code: 'invalid_request', retryable: false, details }, en)).toEqual({
      gstin: en.activation.faults.gstin,
    });
  });
  test('a join code is grouped as typed and checked as the contract does', () => {
    expect(groupedCode('k7m2-xq9p')).toBe('K7M2 XQ9P');
    expect(groupedCode('k7m')).toBe('K7M');
    expect(joinFaults({ code: 'K7M2 XQ9P', deviceName: 'A' }, en)).toEqual({});
    expect(Object.keys(joinFaults({ code: 'K7M2 XQ1P', deviceName: ' ' }, en))).toEqual(['code', 'deviceName']);
  });
});

describe('a second identical top-up is asked about', () => {
  const now = Date.parse(emptyPurchase.createdAt) + 30_000;
  const question = { packs: 1, purchases: [emptyPurchase], lastTopUp: null, serverNow: now, monotonicNow: 100_000 };
  test('within a minute, whoever asked for the first', () => {
    expect(isSecondTopUp(question)).toBe(true);
    expect(isSecondTopUp({ ...question, packs: 2 })).toBe(false);
    expect(isSecondTopUp({ ...question, serverNow: now + 31_000 })).toBe(false);
  });
  test('not after a cancelled one', () => {
    expect(isSecondTopUp({ ...question, purchases: [{ ...emptyPurchase, state: 'cancelled' }] })).toBe(false);
  });
  test('also while the list does not have it yet', () => {
    const asked = { ...question, purchases: [], lastTopUp: { at: 50_000, packs: 1 } };
    expect(isSecondTopUp(asked)).toBe(true);
    expect(isSecondTopUp({ ...asked, monotonicNow: 110_001 })).toBe(false);
  });
});

describe('addresses', () => {
  test('each screen has one that leads back to it; anything else is the overview', () => {
    for (const screen of screens) expect(screenOf(addressOf(screen))).toBe(screen);
    expect(screenOf('')).toBe('overview');
    expect(screenOf('#token=x')).toBe('overview');
  });
  test('only web addresses are opened for paying', () => {
    expect(isWebAddress('https://rzp.io/l/x')).toBe(true);
    expect(isWebAddress('http://127.0.0.1:4400/pay/x')).toBe(true);
    for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'upi://pay', '', 'x'])
      expect(isWebAddress(url)).toBe(false);
  });
});

describe('the QR code', () => {
  test('its path has as many modules as the code', () => {
    const { data } = encode('https://example.com/pay/pur_1', { ecc: 'M', border: 4 });
    const bars = [...qrPath(data).matchAll(/h(\d+)v1/g)].reduce((sum, [, width]) => sum + Number(width), 0);
    expect(bars).toBe(data.flat().filter(Boolean).length);
    expect(bars).toBeGreaterThan(100);
  });
});

describe('style sheets', () => {
  test('every class that a screen names is in its style sheet', () => {
    const root = join(import.meta.dirname, '../../../renderer');
    const files = readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.tsx'));
    let checked = 0;
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8');
      const sheet = /import styles from '\.\/([\w-]+\.module\.css)'/.exec(source)?.[1];
      if (sheet === undefined) continue;
      const css = readFileSync(join(root, file, '..', sheet), 'utf8');
      for (const [, name] of source.matchAll(/styles\.(\w+)/g)) {
        expect(css, `${file} names .${name}`).toMatch(new RegExp(`\\.${name}\\b`));
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(80);
  });
});
