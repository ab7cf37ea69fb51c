import { describe, expect, it } from 'vitest';
import { gstr1Table } from '../../../shared/gst/gstr1.ts';
import { type GstLimit, gstLimitOn, gstLimits, turnoverShare } from '../../../shared/gst/limits.ts';
import { sampleInvoice, sampleNote } from '../print/samples.ts';

describe('a limit', () => {
  it('is the one in force on the date: 5 crore of turnover for e-invoices', () => {
    expect(gstLimitOn('e_invoice_turnover', '2026-11-22')).toBe(5_000_000_000);
    expect(gstLimitOn('dynamic_qr_turnover', '2026-11-22')).toBe(500_000_000_000);
    expect(gstLimitOn('b2c_large_invoice', '2026-11-22')).toBe(10_000_000);
  });

  it('changes on the day its row says', () => {
    const [now] = gstLimits.filter(({ name }) => name === 'e_invoice_turnover');
    if (now === undefined) throw new Error('no limit');
    const lower: GstLimit[] = [
      { ...now, to: '2027-03-31' },
      { ...now, paise: 2_000_000_000, from: '2027-04-01' },
    ];
    expect(gstLimitOn('e_invoice_turnover', '2027-03-31', lower)).toBe(5_000_000_000);
    expect(gstLimitOn('e_invoice_turnover', '2027-04-01', lower)).toBe(2_000_000_000);
  });

  it('is never guessed: none, two at once, no date', () => {
    expect(() => gstLimitOn('e_invoice_turnover', '2023-07-31')).toThrow('0 limits');
    expect(() => gstLimitOn('e_invoice_turnover', '2026-11-22', [...gstLimits, ...gstLimits])).toThrow('2 limits');
    expect(() => gstLimitOn('e_invoice_turnover', '2026-11-22T00:00:00Z')).toThrow('not a date');
  });

  it('is warned of from 90 % on, to the paisa', () => {
    expect(turnoverShare(4_499_999_999, '2026-11-22')).toEqual({ near: false, limitPaise: 5_000_000_000 });
    expect(turnoverShare(4_500_000_000, '2026-11-22').near).toBe(true);
    expect(turnoverShare(9_000_000_000, '2026-11-22').near).toBe(true);
    expect(turnoverShare(-1, '2026-11-22').near).toBe(false);
  });
});

describe('the table of GSTR-1', () => {
  const elsewhere = { stateCode: '29', pin: '560001', gstin: null } as const;
  it('is B2B and CDNR for registered buyers, B2CS for others with their notes, and by itself above a lakh between states', () => {
    const toRegistered = sampleInvoice();
    expect(gstr1Table(toRegistered)).toBe('B2B');
    expect(gstr1Table(sampleNote(toRegistered, 100_000))).toBe('CDNR');
    const toOthers = sampleInvoice({ buyer: elsewhere });
    expect(gstr1Table(toOthers)).toBe('B2CS');
    expect(gstr1Table(sampleNote(toOthers, 100_000))).toBe('B2CS');
    const atLimit = sampleInvoice({ buyer: elsewhere, unitPaise: 10_000_000 });
    expect(gstr1Table(atLimit)).toBe('B2CS');
    const large = sampleInvoice({ buyer: elsewhere, unitPaise: 10_000_100 });
    expect(gstr1Table(large)).toBe('B2CL');
    expect(gstr1Table(sampleNote(large, 10_000_100))).toBe('CDNUR');
    expect(gstr1Table(sampleInvoice({ buyer: { gstin: null }, unitPaise: 10_000_100 }))).toBe('B2CS');
  });
});
