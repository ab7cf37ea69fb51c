// What people type wrongly, in every field of every form: an answer in words that belongs to that field, and nothing sent that the
// counter or the server would refuse without one.
import { describe, expect, test } from 'vitest';
import { en } from '../../../renderer/text/en.ts';
import { text as hi } from '../../../renderer/text/hi/language.ts';
import { dateOf, dateTyped, gstinOf, latinDigits, wholeNumber } from '../../../renderer/text/typed.ts';
import {
  joinFaults,
  lettersHint,
  profileFaults,
  profileRequestOf,
  type SignUpForm,
  signUpFaults,
  signUpRequestOf,
} from '../../../renderer/views/form-faults.ts';
import { signUpRequest } from '../../../shared/contract/devices.ts';
import { exportPeriod } from '../../../shared/contract/document-views.ts';
import { calls } from '../../../shared/contract/ipc.ts';
import { profileRequest } from '../../../shared/contract/profile.ts';

const right: SignUpForm = {
  legalName: 'Shree Ganesh Medicals',
  address: '12 MG Road, Pune',
  stateCode: '27',
  pin: '411005',
  gstin: '',
  phone: '',
  email: '',
  branchName: 'Main branch',
  deviceName: 'Counter 1',
};

const wrong: Readonly<Record<string, string>> = {
  '10,000 characters': 'क'.repeat(10_000),
  '10,000 Latin characters': 'x'.repeat(10_000),
  'right to left': 'صيدلية النور',
  'a mark that turns the direction': '\u202Eabc',
  emoji: '💊💊💊',
  'half of an emoji': '\uD83D',
  zero: '0',
  negative: '-5',
  spaces: '     ',
  nothing: '',
  'control characters': 'a\u0000b\u0007',
  markup: '<script>alert(1)</script>',
  'a formula': '=cmd|calc!A1',
};

const fields = Object.keys(right) as (keyof SignUpForm)[];

describe.each(['en', 'hi'] as const)('in the language %s', (tag) => {
  const text = { en, hi }[tag];

  test.each(Object.entries(wrong))(
    '%s: each field of sign-up answers for itself, or is what the server takes',
    (_name, typed) => {
      for (const field of fields) {
        const form = { ...right, [field]: typed };
        const faults = signUpFaults(form, text);
        const taken = signUpRequest.safeParse(signUpRequestOf(form)).success;
        if (taken) continue;
        expect(Object.keys(faults), field).toEqual([field]);
        expect(faults[field]).toMatch(/[.।]$/);
      }
    },
  );

  test.each(Object.entries(wrong))('%s: each field of the details for invoices too', (_name, typed) => {
    for (const field of ['legalName', 'address', 'stateCode', 'pin', 'gstin', 'phone', 'email'] as const) {
      const form = { ...right, [field]: typed };
      const taken = profileRequest.safeParse(profileRequestOf(form)).success;
      if (!taken) expect(Object.keys(profileFaults(form, text)), field).toEqual([field]);
    }
  });

  test.each(Object.entries(wrong))('%s: both fields of joining', (_name, typed) => {
    const join = calls['session.join'].input;
    for (const field of ['code', 'deviceName'] as const) {
      const form = { code: 'K7M2 XQ9P', deviceName: 'Counter 2', [field]: typed };
      const faults = joinFaults(form, text);
      if (Object.keys(faults).length === 0) expect(join.safeParse(form).success, field).toBe(true);
      else expect(Object.keys(faults)).toEqual([field]);
    }
  });

  test('letters that cannot be printed are told at once, beside the field', () => {
    expect(lettersHint('صيدلية النور', text)).toBe(text.profile.notPrintable);
    expect(lettersHint('Ganesh 💊', text)).toBe(text.profile.notPrintable);
    expect(lettersHint('श्री गणेश Medicals', text)).toBeUndefined();
  });
});

describe('what is meant is understood', () => {
  test.each(['27-AAPFU-0939F-1ZV', ' 27aapfu0939f1zv ', '27 AAPFU 0939 F 1 Z V', '२७AAPFU०९३९F१ZV'])(
    'a GSTIN pasted as %s',
    (typed) => {
      expect(gstinOf(typed)).toBe('27AAPFU0939F1ZV');
      expect(signUpFaults({ ...right, gstin: typed }, en)).toEqual({});
      expect(signUpRequestOf({ ...right, gstin: typed }).gstin).toBe('27AAPFU0939F1ZV');
    },
  );
  test('digits of a Hindi keyboard', () => {
    expect(latinDigits('४११००५')).toBe('411005');
    expect(signUpFaults({ ...right, pin: '४११ ००५', phone: '९८७६५ ४३२१०' }, hi)).toEqual({});
    expect(wholeNumber('५,०००')).toBe(5_000);
  });
});

describe('the limit of credits', () => {
  const notNumbers = {
    ...wrong,
    'a part': '1.5',
    'a power': '1e3',
    hex: '0x10',
    'ten digits': '9999999999',
    wide: '５',
  };
  test.each(Object.entries(notNumbers).filter(([name]) => name !== 'zero'))('is not: %s', (_name, typed) => {
    expect(wholeNumber(typed)).toBeNull();
  });
  test.each([
    ['0', 0],
    ['10,000', 10_000],
    [' 5 000 ', 5_000],
    ['99,99,99,999', 999_999_999],
  ] as const)('is %s', (typed, below) => {
    expect(wholeNumber(typed)).toBe(below);
    expect(calls['settings.lowCredits'].input.safeParse({ below }).success).toBe(true);
  });
});

describe('a date', () => {
  test.each([
    ['22/11/2026', '2026-11-22'],
    [' 1/4/2026 ', '2026-04-01'],
    ['01.04.2026', '2026-04-01'],
    ['1-4-2026', '2026-04-01'],
    ['1 4 2026', '2026-04-01'],
    ['22112026', '2026-11-22'],
    ['2026-11-22', '2026-11-22'],
    ['२२/११/२०२६', '2026-11-22'],
    ['29/02/2028', '2028-02-29'],
    ['01/01/0001', '0001-01-01'],
  ])('%j has the day first and is %s', (typed, date) => {
    expect(dateOf(typed)).toBe(date);
    expect(dateOf(dateTyped(date))).toBe(date);
  });

  test.each([
    ...Object.values(wrong),
    ...['29/02/2026', '31/11/2026', '11/22/2026', '0/1/2026', '22/11', '22/11/202', '22/11/20266', '2026-13-01'],
    ...['22/11/2026 4:05', 'tomorrow', '2026/11/22', '00/00/0000'],
  ])('%j is none', (typed) => {
    expect(dateOf(typed)).toBeNull();
    expect(dateOf(typed, true)).toBeNull();
  });

  test('a year of two digits is one of this century, once the field is left, and not while it is typed', () => {
    expect(dateOf('22/11/26')).toBeNull();
    expect(dateOf('22/11/26', true)).toBe('2026-11-22');
    expect(dateOf('31/11/26', true)).toBeNull();
  });
});

describe('the period of an export', () => {
  test.each([
    ['', '2026-11-22'],
    ['2026-11-22', ''],
    ['2026-11-22', '2026-11-21'],
    ['2026-02-30', '2026-03-01'],
    ['0000-00-00', '2026-03-01'],
    ['💊', '2026-03-01'],
  ])('is not from %s to %s', (from, to) => {
    expect(exportPeriod.safeParse({ from, to }).success).toBe(false);
  });
});
