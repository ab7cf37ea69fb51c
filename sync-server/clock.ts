// Time, randomness and ids as the server's parts are given them. Only the programs that start make real ones.
export interface Clock {
  now(): Date;
}

export interface Random {
  /** Bytes that nobody can guess. */
  bytes(count: number): Buffer;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes an id: the prefix, ten characters of time (ids sort by it) and sixteen of chance. */
export function makeId(prefix: string, clock: Clock, random: Random): string {
  let time = clock.now().getTime();
  let text = '';
  for (let place = 0; place < 10; place += 1) {
    text = alphabet.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  for (const byte of random.bytes(16)) text += alphabet.charAt(byte % 32);
  return `${prefix}_${text}`;
}
