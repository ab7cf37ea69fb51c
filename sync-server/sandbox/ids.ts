// Owns ids in Razorpay's form: a prefix and 14 letters and digits, of which the first ten are the time in nanoseconds
// since 2014 in base 62, so that ids sort by time, and the last four are random. An event's id has no prefix.

export interface Clock {
  now(): Date;
}

export interface Random {
  bytes(count: number): Uint8Array;
}

export type Prefix =
  | 'order_'
  | 'pay_'
  | 'rfnd_'
  | 'disp_'
  | 'plan_'
  | 'item_'
  | 'sub_'
  | 'inv_'
  | 'li_'
  | 'cust_'
  | 'plink_'
  | '';
export type NewId = (prefix: Prefix) => string;

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const START_MS = Date.UTC(2014, 0, 1);

export function createIds(clock: Clock, random: Random): NewId {
  let lastNs = 0n;
  return (prefix) => {
    const nowNs = BigInt(clock.now().getTime() - START_MS) * 1_000_000n;
    // A clock that stands still (a test's) or goes back must not bring an id twice, nor one that sorts before.
    lastNs = nowNs > lastNs ? nowNs : lastNs + 1n;
    const tail = Array.from(random.bytes(4), (byte) => DIGITS.charAt(byte % DIGITS.length)).join('');
    return prefix + base62(lastNs).padStart(10, '0') + tail;
  };
}

function base62(value: bigint): string {
  let rest = value;
  let text = '';
  while (rest > 0n) {
    text = DIGITS.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

export function unixSeconds(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}
