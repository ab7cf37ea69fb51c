import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import { signatureHeader, stripeSignatureMatches } from '../../../sync-server/providers/stripe-signature.ts';

const body = Buffer.from('{"id":"evt_1","type":"x"}');
const NOW_SECONDS = 1_790_000_000;
const now = new Date(NOW_SECONDS * 1000);
const hmac = (secret: string, time: number | string = NOW_SECONDS, of: Buffer = body) =>
  createHmac('sha256', secret).update(`${time}.`).update(of).digest('hex');
const header = (secret: string, time: number | string = NOW_SECONDS) => `t=${time},v1=${hmac(secret, time)}`;
const matches = (told: unknown, secrets: readonly string[] = ['current', 'old'], at = now, raw: unknown = body) =>
  stripeSignatureMatches(raw, told, secrets, at);

describe('a signature of Stripe', () => {
  test('is taken as Stripe’s own SDK writes it', () => {
    const payload = body.toString();
    const told = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'current', timestamp: NOW_SECONDS });
    expect(matches(told)).toBe(true);
    expect(matches(told, ['other'])).toBe(false);
  });

  test('is taken with every active secret, and with any of several signatures', () => {
    expect(matches(header('old'))).toBe(true);
    const rolled = `t=${NOW_SECONDS},v1=${hmac('gone')},v1=${hmac('current')},v0=${hmac('current')}`;
    expect(matches(rolled)).toBe(true);
  });

  test('is refused in the scheme for tests, without a time, and with two times', () => {
    expect(matches(`t=${NOW_SECONDS},v0=${hmac('current')}`)).toBe(false);
    expect(matches(`v1=${hmac('current')}`)).toBe(false);
    expect(matches(`t=${NOW_SECONDS},t=${NOW_SECONDS},v1=${hmac('current')}`)).toBe(false);
    expect(matches(`t=,v1=${hmac('current', '')}`)).toBe(false);
  });

  test('is fresh for five minutes to either side of now, and no second longer', () => {
    for (const seconds of [-300, -299, 0, 299, 300])
      expect(matches(header('current', NOW_SECONDS + seconds))).toBe(true);
    for (const seconds of [-86_400, -301, 301, 86_400, 1e9]) {
      expect(matches(header('current', NOW_SECONDS + seconds)), `${seconds}`).toBe(false);
    }
  });

  test('is refused where the clock is no clock, and where its time is written in another way', () => {
    expect(matches(header('current'), ['current'], new Date(Number.NaN))).toBe(false);
    for (const time of [
      '1.79e9',
      '+1790000000',
      ' 1790000000',
      '0x6ab13b80',
      '1790000000.0',
      '-1',
      'NaN',
      '9'.repeat(13),
    ]) {
      expect(matches(header('current', time)), time).toBe(false);
    }
  });

  test('is over the time too: a captured signature cannot be given a later one', () => {
    expect(matches(`t=${NOW_SECONDS + 1},v1=${hmac('current', NOW_SECONDS)}`)).toBe(false);
  });

  test('is over the raw bytes: not a text, not a parsed object, not one byte more', () => {
    expect(matches(header('current'), ['current'], now, body.toString())).toBe(false);
    expect(matches(header('current'), ['current'], now, { id: 'evt_1' })).toBe(false);
    expect(matches(header('current'), ['current'], now, Buffer.concat([body, Buffer.from([0])]))).toBe(false);
    const notText = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const told = `t=${NOW_SECONDS},v1=${hmac('current', NOW_SECONDS, notText)}`;
    expect(matches(told, ['current'], now, notText)).toBe(true);
  });

  test('of nobody is refused: no secret and an empty secret sign nothing', () => {
    expect(matches(header(''), [''])).toBe(false);
    expect(matches(header('current'), [])).toBe(false);
  });

  test('is refused where there are more signatures than Stripe ever sends, and where the header is long', () => {
    const many = Array.from({ length: 9 }, () => `v1=${hmac('current')}`).join(',');
    expect(matches(`t=${NOW_SECONDS},${many}`)).toBe(false);
    expect(matches(`${header('current')},x=${'y'.repeat(2000)}`)).toBe(false);
  });
});

test('the header is found in any case, and is none where it is a list or there are two', () => {
  expect(signatureHeader({ 'Stripe-Signature': 'a' })).toBe('a');
  expect(signatureHeader({ 'stripe-signature': undefined })).toBeNull();
  expect(signatureHeader({ 'stripe-signature': ['a'] })).toBeNull();
  expect(signatureHeader({ 'stripe-signature': 'a', 'Stripe-Signature': 'a' })).toBeNull();
  expect(signatureHeader({ 'x-razorpay-signature': 'a' })).toBeNull();
});
