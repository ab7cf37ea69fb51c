// The device token at rest: sealed with the operating system's key store where there is one, else under a key file as in
// the browser host, whose data folder this app can take over. A key that is gone rejects, and the counter asks to join
// again; it goes on working with what it has.
import type { SafeStorage } from 'electron';
import type { SecretStore } from '../../ports.ts';

type Async = Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>;

/** Stands before what the operating system sealed. */
const mark = Buffer.from('os1:');

export function sealedSecrets(safeStorage: Async, fallback: SecretStore): SecretStore {
  return {
    async encrypt(plain) {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return fallback.encrypt(plain);
      return Buffer.concat([mark, await safeStorage.encryptStringAsync(plain)]);
    },
    async decrypt(sealed) {
      const bytes = Buffer.from(sealed);
      if (!bytes.subarray(0, mark.length).equals(mark)) return fallback.decrypt(sealed);
      return (await safeStorage.decryptStringAsync(bytes.subarray(mark.length))).result;
    },
  };
}
