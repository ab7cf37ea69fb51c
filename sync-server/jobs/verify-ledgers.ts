// The hourly proof that the books are right. Faults go to the log and the metrics; nothing is repaired.
import { runVerify } from '../admin/run-verify.ts';
import type { Parts } from '../parts.ts';
import { VerifierStopped } from '../store/verify.ts';

/** Not on the hour, when the months begin. */
export const verifySchedule = '23 * * * *';

export async function verifyLedgers(parts: Parts): Promise<void> {
  try {
    await runVerify(parts, null);
  } catch (error) {
    // The next run, here or in another process, looks at everything anew.
    if (!(error instanceof VerifierStopped)) throw error;
  }
}
