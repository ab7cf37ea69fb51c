// One verification as the job, the route and the command line run it: its result in the log, and in the metrics where
// everything was looked at. It never repairs anything.
import type { Parts } from '../parts.ts';
import type { VerifyReport } from '../store/verify.ts';

/** Faults that the log names one by one. */
const mostLogged = 20;

/** All orgs, or one; null if there is no such org. */
export async function runVerify(
  parts: Pick<Parts, 'verifier' | 'metrics' | 'log'>,
  orgId: string | null,
): Promise<VerifyReport | null> {
  const report = await parts.verifier.verify(orgId);
  if (report === null) return null;
  for (const fault of report.faults.slice(0, mostLogged)) parts.log.error({ fault }, 'the books are wrong');
  if (report.faultCount > mostLogged)
    parts.log.error({ faults: report.faultCount }, 'the books are wrong, more than listed');
  if (orgId === null) parts.metrics.verified(report.byKind, report.attentionCount, new Date(report.at));
  return report;
}
