import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signatureMatches, signatureOf } from '../../../sync-server/providers/signature.ts';

const SECRET = 'whsec_current';
const body = Buffer.from('{"event":"payment.captured","payload":{}}');
const signed = signatureOf(body, SECRET);

describe('a webhook signature', () => {
  test('is accepted when the raw bytes were signed with an active secret', () => {
    expect(signatureMatches(body, signed, [SECRET])).toBe(true);
  });

  test('is accepted for every active secret, whichever place it has', () => {
    expect(signatureMatches(body, signed, ['old', SECRET, 'older'])).toBe(true);
    expect(signatureMatches(body, signatureOf(body, 'older'), ['new', SECRET, 'older'])).toBe(true);
  });

  test('is refused under a secret that is not active, and under none', () => {
    expect(signatureMatches(body, signed, ['another'])).toBe(false);
    expect(signatureMatches(body, signed, [])).toBe(false);
  });

  test('is refused when one byte of the body differs', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, by) => {
          const original = Buffer.from(bytes);
          const signature = signatureOf(original, SECRET);
          const changed = Buffer.from(original);
          const place = at % changed.length;
          changed[place] = (changed[place] ?? 0) ^ by;
          expect(signatureMatches(original, signature, [SECRET])).toBe(true);
          expect(signatureMatches(changed, signature, [SECRET])).toBe(false);
        },
      ),
    );
  });

  test('is refused for any text that is not the signature, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f]{64}$/)), (text) => {
        expect(signatureMatches(body, text, [SECRET])).toBe(text === signed);
      }),
    );
  }, 30_000);

  test('is refused for anything that is not a text, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        fc.pre(value !== signed);
        expect(signatureMatches(body, value, [SECRET])).toBe(false);
      }),
    );
  });

  test('is refused when cut short, lengthened, in upper case, in base64 or with white space', () => {
    const wrong = [
      signed.slice(0, 63),
      signed.slice(0, 32),
      `${signed}0`,
      `${signed}\n`,
      ` ${signed}`,
      signed.toUpperCase(),
      Buffer.from(signed, 'hex').toString('base64'),
      `sha256=${signed}`,
      `${signed}, ${signed}`,
      '',
    ];
    for (const signature of wrong) expect(signatureMatches(body, signature, [SECRET]), signature).toBe(false);
  });

  test('is refused when it comes as a list, even of the right one', () => {
    expect(signatureMatches(body, [signed], [SECRET])).toBe(false);
  });

  test('is refused for a parsed body, also when the text [object Object] was signed', () => {
    const forged = signatureOf(Buffer.from('[object Object]'), SECRET);
    expect(signatureMatches({ event: 'payment.captured' }, forged, [SECRET])).toBe(false);
    expect(signatureMatches(body.toString(), signed, [SECRET])).toBe(false);
    expect(signatureMatches(undefined, signed, [SECRET])).toBe(false);
  });

  test('is refused under an empty secret, so that a forger cannot sign with nothing', () => {
    const forged = createHmac('sha256', '').update(body).digest('hex');
    expect(signatureMatches(body, forged, [''])).toBe(false);
    expect(signatureMatches(body, forged, ['', SECRET])).toBe(false);
    expect(() => signatureOf(body, '')).toThrow();
  });

  test('is checked over the bytes and not over their text: invalid UTF-8 is no fault', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]);
    expect(signatureMatches(bytes, signatureOf(bytes, SECRET), [SECRET])).toBe(true);
  });

  test('is checked for a body of many megabytes and for an empty one', () => {
    const huge = randomBytes(8_000_000);
    expect(signatureMatches(huge, signatureOf(huge, SECRET), [SECRET])).toBe(true);
    expect(signatureMatches(huge, signed, [SECRET])).toBe(false);
    const empty = Buffer.alloc(0);
    expect(signatureMatches(empty, signatureOf(empty, SECRET), [SECRET])).toBe(true);
  });
});
