// The verifier: pure checks over the facts of one org, which say what is wrong and repair nothing. Entries, holds and
// documents come one by one, so that an org of any size is checked in bounded memory. It computes everything anew from the
// facts below it and never asks the code that wrote them.
//
// What no fact proves, and is therefore not checked: when a row was written (createdAt, updatedAt), what answered a repeat
// (body hash, held after an entry), names and addresses within a document, the words of a refusal or review, who opened a
// hold and when, the amount of a hold that ended without a capture, and the cached serviceRenewalStatus.
import type { Sha256 } from '../../shared/ledger/chain.ts';
import { startClaims } from './verify-claims.ts';
import { startDocuments } from './verify-documents.ts';
import { startEntries } from './verify-entries.ts';
import type { DocumentFact, EntryFact, Findings, HoldFact, OrgFacts } from './verify-facts.ts';
import { startHolds } from './verify-holds.ts';
import { checkMoney, checkSubscription, settledOf } from './verify-money.ts';

export interface OrgCheck {
  /** In the order of their numbers. */
  entry(entry: EntryFact): void;
  /** In the order of the entries that they name; those that name none anywhere. */
  hold(hold: HoldFact): void;
  /** In any order. */
  document(document: DocumentFact): void;
  /** After the last of all three. */
  finish(): void;
}

/** All facts must be of one moment. */
export function startOrgCheck(facts: OrgFacts, now: Date, sha256: Sha256, findings: Findings): OrgCheck {
  const settled = settledOf(facts);
  const entries = startEntries(facts.orgId, sha256, findings);
  const claims = startClaims(settled, facts.subscription, now, findings);
  const holds = startHolds(now, findings);
  const documents = startDocuments(settled, findings);
  return {
    entry: (entry) => {
      entries.entry(entry);
      claims.entry(entry);
    },
    hold: holds.hold,
    document: documents.document,
    finish: () => {
      entries.finish(facts.cache, holds.held());
      claims.finish();
      checkMoney(facts, findings);
      checkSubscription(facts.subscription, settled, findings);
      documents.finish();
    },
  };
}
