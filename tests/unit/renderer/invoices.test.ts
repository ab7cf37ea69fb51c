// Documents in words and amounts, the periods of an export, and the form of the details that stand on them.
import { describe, expect, test } from 'vitest';
import { offlineSentence, signedTotal, soldName, taxHeads } from '../../../renderer/text/document-words.ts';
import { en } from '../../../renderer/text/en.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { text as hi } from '../../../renderer/text/hi/language.ts';
import {
  formOf,
  lettersHint,
  profileFaults,
  profileFields,
  profileRequestOf,
  serverFaults,
  warningSentences,
} from '../../../renderer/views/form-faults.ts';
import { namedPeriods, yearPeriod, yearsToExport } from '../../../renderer/views/invoices/periods.ts';
import type { DocumentRow } from '../../../shared/contract/document-views.ts';
import { profileRequest } from '../../../shared/contract/profile.ts';
import { catalogue } from '../../../shared/plan/catalogue.ts';
import { latinWords } from '../../fakes/latin-words.ts';
import { PlayedDocuments, playedProfile } from '../../fakes/played-documents.ts';

const format = makeFormat(en.locale);
const words = { text: en, format };

describe('a document in words', () => {
  const documents = new PlayedDocuments();
  const invoice = documents.issue('2026-11-20');
  const note = documents.credit(invoice, '2026-11-21', 100_000);

  test('has both decimals always, and a credit note a minus', () => {
    expect(signedTotal(format, invoice)).toBe('₹2,500.00');
    expect(signedTotal(format, note)).toBe('−₹1,000.00');
  });
  test('names each head that is charged, with its own rate', () => {
    expect(taxHeads(words, invoice)).toEqual([{ name: 'IGST 18%', paise: 38_136 }]);
    const within = { ...invoice, cgstPaise: 19_068, sgstPaise: 19_068, igstPaise: 0 };
    expect(taxHeads(words, within)).toEqual([
      { name: 'CGST 9%', paise: 19_068 },
      { name: 'SGST 9%', paise: 19_068 },
    ]);
    expect(taxHeads(words, { ...within, sgstLabel: 'UTGST' })[1]?.name).toBe('UTGST 9%');
    const [line] = invoice.lines;
    if (line === undefined) throw new Error('an invoice without a line');
    const odd = { ...within, lines: [{ ...line, rateBp: 500 }] };
    expect(taxHeads(words, odd).map(({ name }) => name)).toEqual(['CGST 2.5%', 'SGST 2.5%']);
  });
  test('what is sold today is named in the language of the screen, anything else as it stands on the document', () => {
    for (const { description } of Object.values(catalogue)) {
      expect(soldName({ text: en }, description)).toBe(description);
      const said = soldName({ text: hi }, description);
      expect(latinWords(said, new Set(['PharmaPulse', 'One', 'AI'])), said).toEqual([]);
    }
    expect(soldName({ text: hi }, 'AI credits, pack of 10,000')).toBe('AI credits, pack of 10,000');
  });
  test('offline says how many save and print, and never more than do', () => {
    const rows = (...held: boolean[]) => held.map((pdfHeld) => ({ pdfHeld }) as DocumentRow);
    expect(offlineSentence(words, rows(true, true))).toContain(en.invoices.offline.allHeld);
    expect(offlineSentence(words, rows(true, false, false))).toContain('1 of the 3 shown here');
    expect(offlineSentence(words, rows(false, false))).toContain(en.invoices.offline.noneHeld);
  });
});

describe('the periods of an export', () => {
  const named = (today: string) =>
    Object.fromEntries(namedPeriods(today).map(({ name, from, to }) => [name, `${from} ${to}`]));
  test('are whole months and quarters, over the turn of the year and in a leap year', () => {
    expect(named('2026-11-22')).toEqual({
      thisMonth: '2026-11-01 2026-11-30',
      lastMonth: '2026-10-01 2026-10-31',
      thisQuarter: '2026-10-01 2026-12-31',
      lastQuarter: '2026-07-01 2026-09-30',
    });
    expect(named('2028-02-29')).toEqual({
      thisMonth: '2028-02-01 2028-02-29',
      lastMonth: '2028-01-01 2028-01-31',
      thisQuarter: '2028-01-01 2028-03-31',
      lastQuarter: '2027-10-01 2027-12-31',
    });
    expect(named('2027-01-01').lastMonth).toBe('2026-12-01 2026-12-31');
  });
  test('a financial year is April to March, and the one of today is always offered', () => {
    expect(yearPeriod('26-27')).toEqual({ from: '2026-04-01', to: '2027-03-31' });
    expect(yearsToExport('2027-03-31', ['25-26'])).toEqual(['26-27', '25-26']);
    expect(yearsToExport('2027-04-01', ['26-27'])).toEqual(['27-28', '26-27']);
  });
});

describe('the details for invoices', () => {
  const form = formOf(playedProfile);
  test('as they came have no fault and are the same request again', () => {
    expect(profileFaults(form, en)).toEqual({});
    const { warnings: _warnings, ...same } = playedProfile;
    expect(profileRequest.parse(profileRequestOf(form))).toEqual(same);
    expect(profileRequestOf({ ...form, gstin: ' ', phone: '', email: '' })).toMatchObject({
      gstin: null,
      phone: null,
      email: null,
    });
  });
  test('each empty or wrong field is named', () => {
    const wrong = { legalName: ' ', address: '', stateCode: '', pin: '0', gstin: 'X', phone: 'call', email: 'x' };
    expect(Object.keys(profileFaults(wrong, en)).sort()).toEqual(Object.keys(wrong).sort());
  });
  test('a GSTIN of another state than the address is a fault beside the GSTIN', () => {
    expect(profileFaults({ ...form, stateCode: '29' }, en).gstin).toContain('Maharashtra');
    expect(profileFaults({ ...form, gstin: '27AAPFU0939F1ZX' }, en).gstin).toBe(
      en.activation.gstinFaults.check_character,
    );
  });
  test('letters that cannot be printed are told beside the field, Hindi ones are not', () => {
    expect(lettersHint('आशा मेडिकल्स\nPune', en)).toBeUndefined();
    expect(lettersHint('ஆஷா', en)).toBe(en.profile.notPrintable);
  });
  test('what the server would have looked at again is said with the PIN and the state', () => {
    expect(warningSentences(playedProfile, en)).toEqual([]);
    const told = warningSentences(
      { ...playedProfile, pin: '560001', warnings: ['pin_of_another_state', 'letters_not_printable'] },
      en,
    );
    expect(told[0]).toContain('560001');
    expect(told[0]).toContain('Maharashtra');
    expect(told).toHaveLength(2);
  });
  test('faults of the server land on their fields', () => {
    const details = { faults: [{ path: 'body.gstin', reason: 'r' }] };
    expect(serverFaults(profileFields, { code: 'invalid_request', retryable: false, details }, en)).toEqual({
      gstin: en.activation.faults.gstin,
    });
  });
});
