// Turns webhooks with a wrong signature into one alarm. A bad request itself writes nothing: whoever sends many of them
// causes one row, and one write a minute of each process.
import type { Parts } from '../parts.ts';
import { type AlarmParts, soundAlarm } from './sound-alarm.ts';

const atMostEveryMs = 60_000;

/** Of one process; it remembers what was told already. */
export function watchSignatures(): (parts: AlarmParts & Pick<Parts, 'provider'>) => Promise<void> {
  let told = 0;
  let toldAt: Date | null = null;
  return async (parts) => {
    const now = parts.clock.now();
    const seen = parts.metrics.signatureFailures();
    const sinceMs = toldAt === null ? atMostEveryMs : now.getTime() - toldAt.getTime();
    if (seen === told || sinceMs < atMostEveryMs) return;
    const details = { failures: seen - told };
    await soundAlarm(parts, { kind: 'signature_failures', subject: parts.provider.name, orgId: null, details });
    told = seen;
    toldAt = now;
  };
}
