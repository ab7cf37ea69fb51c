// Proves the holds of one org and sums the open ones. One whose time is over counts as held until the job closes it.
import type { Findings, HoldFact } from './verify-facts.ts';

/** The job closes within a minute or two; what is open so long after its time was forgotten. */
const overdueMs = 15 * 60_000;

export function startHolds(now: Date, findings: Findings) {
  let held = 0;
  let lastEntry: number | null = null;
  return {
    /** In the order of the entries that they name, so that two of one entry stand side by side. */
    hold: (hold: HoldFact): void => {
      const subject = `hold ${hold.holdId}`;
      const captured = hold.state === 'captured';
      const ends = [hold.closedAt !== null, hold.capturedAmount !== null, hold.entrySeq !== null];
      const should = [hold.state !== 'open', captured, captured];
      if (ends.join() !== should.join()) {
        findings.fault('hold_state', subject, hold.state, ends.map((has) => (has ? 'set' : 'not set')).join(', '));
      }
      if (hold.amount < 1 || (hold.capturedAmount !== null && !isPart(hold.capturedAmount, hold.amount))) {
        findings.fault('hold_amount', subject, `1 to ${hold.amount}`, hold.capturedAmount);
      }
      if (hold.entrySeq !== null) checkEntry(hold, subject, findings);
      if (hold.entrySeq !== null && hold.entrySeq === lastEntry) {
        findings.fault('hold_twice', subject, 'an entry of its own', `entry ${hold.entrySeq}`);
      }
      lastEntry = hold.entrySeq;
      if (hold.state !== 'open') return;
      held += hold.amount;
      if (now.getTime() - new Date(hold.expiresAt).getTime() > overdueMs) {
        findings.attention('hold_overdue', subject, `${hold.amount} credits, expired ${hold.expiresAt}`);
      }
    },
    held: () => held,
  };
}

const isPart = (part: number, whole: number) => part >= 1 && part <= whole;

/** For comparing and showing; JSON, so that a null is not the word. */
const shown = (kind: string, amount: number | null, feature: string | null, reference: string | null): string =>
  `${kind} of ${amount} for ${JSON.stringify(feature)}, reference ${JSON.stringify(reference)}`;

function checkEntry({ holdId, feature, capturedAmount, entrySeq, entry }: HoldFact, subject: string, to: Findings) {
  const should = shown('spend', capturedAmount, feature, holdId);
  if (entry === null) {
    to.fault('hold_entry', subject, should, `no entry ${entrySeq}`);
    return;
  }
  const is = shown(entry.kind, -entry.delta, entry.feature, entry.reference);
  if (is !== should) to.fault('hold_entry', subject, should, is);
}
