// Secrets of the browser host: sealed with AES-256-GCM under a key file in the data folder that only this user may read.
// Weaker than an operating system's key store (who can read the folder can open the token), and said so here: it keeps
// the token out of copies of the database alone.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStore } from '../../ports.ts';
import { keyBytes } from '../machine.ts';

const keyLength = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** That many bytes that nobody can guess. */
export type RandomBytes = (count: number) => Uint8Array;

/** Sealed form: nonce, tag, cipher text. */
export function keyFileSecrets(dataDir: string, randomBytes: RandomBytes = keyBytes): SecretStore {
  const path = join(dataDir, 'key');
  return {
    async encrypt(plain) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', keyFor(path, randomBytes), nonce);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]);
    },
    async decrypt(sealed) {
      const bytes = Buffer.from(sealed);
      const opener = createDecipheriv('aes-256-gcm', readKey(path), bytes.subarray(0, nonceBytes));
      opener.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([opener.update(bytes.subarray(nonceBytes + tagBytes)), opener.final()]).toString('utf8');
    },
  };
}

/** `wx`: a key that is there is never written over, since everything sealed under it would be lost. */
function keyFor(path: string, randomBytes: RandomBytes): Buffer {
  if (!existsSync(path)) writeFileSync(path, randomBytes(keyLength), { mode: 0o600, flag: 'wx', flush: true });
  return readKey(path);
}

function readKey(path: string): Buffer {
  const key = readFileSync(path);
  if (key.length !== keyLength) throw new Error('the key file is not a key');
  chmodSync(path, 0o600);
  return key;
}
