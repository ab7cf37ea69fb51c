import { describe, expect, it } from 'vitest';
import { gstRateOn, gstRates } from '../../../shared/gst/rates.ts';

describe('the rate', () => {
  it('of software licences is 18 % on every day since GST began', () => {
    for (const day of ['2017-07-01', '2025-09-21', '2025-09-22', '2026-11-22']) {
      expect(gstRateOn('997331', day)).toMatchObject({ sac: '997331', rateBp: 1800 });
    }
  });

  it('stands in a table of one row, under the heading of its code', () => {
    expect(gstRates).toEqual([
      {
        sac: '997331',
        heading: 'Licensing services for the right to use computer software and databases',
        rateBp: 1800,
        from: '2017-07-01',
        to: null,
      },
    ]);
  });

  it('changes on the day its row says, and both days have exactly one', () => {
    const row = { sac: '997331', heading: 'x' };
    const table = [
      { ...row, rateBp: 1800, from: '2017-07-01', to: '2027-03-31' },
      { ...row, rateBp: 1200, from: '2027-04-01', to: null },
    ];
    expect(gstRateOn('997331', '2027-03-31', table).rateBp).toBe(1800);
    expect(gstRateOn('997331', '2027-04-01', table).rateBp).toBe(1200);
  });

  it('is never guessed: unknown service, a day before the first row, two rows at once, no date', () => {
    expect(() => gstRateOn('998315', '2026-04-01')).toThrow(RangeError);
    expect(() => gstRateOn('997331', '2017-06-30')).toThrow(RangeError);
    expect(() => gstRateOn('997331', '22-11-2026')).toThrow(RangeError);
    const twice = { sac: '1', heading: 'x', rateBp: 500, from: '2020-01-01', to: null };
    expect(() => gstRateOn('1', '2026-01-01', [twice, twice])).toThrow(RangeError);
  });
});
