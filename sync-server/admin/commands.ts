// What each command of the operator does: the same use cases as the operator's routes, with a result that is printed as it
// is (--json) or as text for a person.
import type { VerifyAnswer } from '../../shared/contract/admin.ts';
import { errorCatalogue } from '../../shared/contract/errors.ts';
import { unreachable } from '../../shared/contract/unreachable.ts';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { inv01Of, inv01Reasons } from '../../shared/gst/inv01.ts';
import { registerCsv } from '../../shared/gst/register.ts';
import { replayWebhook } from '../jobs/apply-webhooks.ts';
import { reconcile } from '../orders/reconcile.ts';
import { refundPurchase } from '../orders/refund-payment.ts';
import { listAlarms } from '../store/alarms.ts';
import { countLeft, listRuns } from '../store/grant-runs.ts';
import { findWebhook, isOrg, listAudit, listOrgs, listWebhooks, readOrg } from '../store/operator.ts';
import { findAnyDocument, registerOf } from '../store/register.ts';
import { rotateSigningKey } from '../store/signing-keys.ts';
import { type Refused, refuse } from '../verdict.ts';
import { adjustOrgCredits } from './adjust-credits.ts';
import type { Command } from './arguments.ts';
import { closeAlarmOf } from './close-alarm.ts';
import type { OperatorParts } from './open.ts';
import { runVerify } from './run-verify.ts';
import {
  alarmsTable,
  auditTable,
  grantsText,
  orgsTable,
  orgText,
  refundText,
  verifyText,
  webhooksTable,
} from './tables.ts';

export type Done =
  | { readonly ok: true; readonly value: unknown; readonly text: string; readonly faults: boolean }
  | { readonly ok: false; readonly sentence: string };

/** How long a new key is only announced: every counter that is used daily holds it by then. */
const keyOverlapMs = 86_400_000;

/** Rows of a list that a person is shown; `--json` says whether there is more. */
const mostRows = 200;
/** Months of grants that are shown. */
const mostMonths = 24;

export async function runCommand(parts: OperatorParts, command: Command): Promise<Done> {
  const { acrossOrgs: db } = parts.database;
  const now = parts.clock.now();
  switch (command.name) {
    case 'verify': {
      const report = await runVerify(parts, command.org);
      if (report === null) return refused(refuse('not_found'), `org ${command.org}`);
      const { byKind: _counted, ...answer } = report;
      return { ok: true, value: answer satisfies VerifyAnswer, text: verifyText(answer), faults: !answer.ok };
    }
    case 'orgs': {
      const page = await listOrgs(db, command.query, null, mostRows, now);
      return done(page, withRest(orgsTable(page.items), page.nextCursor));
    }
    case 'org': {
      const found = await readOrg(db, command.org, parts.publicUrl, now);
      return found === null ? refused(refuse('not_found'), `org ${command.org}`) : done(found, orgText(found));
    }
    case 'credits':
      return credits(parts, command);
    case 'refund': {
      const refunded = await refundPurchase(parts, command.purchase, command.wish, command.key);
      if (!refunded.ok) return refused(refunded, `purchase ${command.purchase}`);
      return done(refunded.value, refundText(refunded.value));
    }
    case 'reconcile':
      return reconcileNow(parts);
    case 'audit': {
      if (!(await isOrg(db, command.org))) return refused(refuse('not_found'), `org ${command.org}`);
      const page = await listAudit(db, command.org, null, mostRows);
      return done(page, withRest(auditTable(page.items), page.nextCursor));
    }
    case 'webhooks': {
      const page = await listWebhooks(db, command.state, null, mostRows);
      return done(page, withRest(webhooksTable(page.items), page.nextCursor));
    }
    case 'replay': {
      await replayWebhook(parts, command.webhook);
      const after = await findWebhook(db, command.webhook);
      return after === null
        ? refused(refuse('not_found'), `webhook ${command.webhook}`)
        : done(after, webhooksTable([after]));
    }
    case 'grants':
      return grants(parts);
    case 'alarms': {
      const page = await listAlarms(db, command.state, null, mostRows);
      return done(page, withRest(alarmsTable(page.items), page.nextCursor));
    }
    case 'alarms close': {
      const closed = await closeAlarmOf(parts, command.alarm);
      return closed.ok ? done(closed.value, alarmsTable([closed.value])) : refused(closed, `alarm ${command.alarm}`);
    }
    case 'rotate-entitlement-key': {
      const rotated = await rotateSigningKey(parts.database.unscoped, now, command.atOnce ? 0 : keyOverlapMs);
      return done(rotated, `key ${rotated.kid} is announced and signs from ${rotated.signsFrom.toISOString()}`);
    }
    case 'invoices':
      return register(parts, command.from, command.to);
    case 'invoices inv01':
      return inv01Form(parts, command.document);
    default:
      return unreachable(command);
  }
}

async function credits(parts: OperatorParts, command: Extract<Command, { name: 'credits' }>): Promise<Done> {
  const { org, delta, reason, key } = command;
  const adjusted = await adjustOrgCredits(parts, org, { delta, reason }, key);
  if (!adjusted.ok) return refused(adjusted, `org ${org}`);
  const { entry, balance, available } = adjusted.value;
  return done(adjusted.value, `entry ${entry.seq}: ${entry.delta}, balance ${balance}, available ${available}`);
}

async function reconcileNow(parts: OperatorParts): Promise<Done> {
  const reconciled = await reconcile(parts);
  if (!reconciled.ok) return refused(reconciled, 'reconcile');
  const { looked, settled, alarms } = reconciled.value;
  const text = `looked at ${looked} purchases, ${settled} of them paid now; ${alarms} alarms open`;
  return done(reconciled.value, text);
}

async function grants(parts: OperatorParts): Promise<Done> {
  const { acrossOrgs: db } = parts.database;
  const now = parts.clock.now();
  const runs = (await listRuns(db, mostMonths)).map(({ startedAt, lastAt, finishedAt, ...run }) => ({
    ...run,
    startedAt: startedAt.toISOString(),
    lastAt: lastAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }));
  const left = await countLeft(db, now);
  return done({ now: now.toISOString(), left, runs }, grantsText(runs, left));
}

/** As JSON the documents themselves, for a person and for the accountant's program the CSV. */
async function register(parts: OperatorParts, from: string | null, to: string | null): Promise<Done> {
  const documents: TaxDocument[] = [];
  for await (const document of registerOf(parts.database.acrossOrgs, from, to)) documents.push(document);
  return done({ items: documents }, registerCsv(documents).trimEnd());
}

async function inv01Form(parts: OperatorParts, name: string): Promise<Done> {
  const found = await findAnyDocument(parts.database.acrossOrgs, name);
  if (found === null) return refused(refuse('not_found'), `document ${name}`);
  const form = inv01Of(found);
  if (!form.ok) return { ok: false, sentence: `document ${name}: ${inv01Reasons[form.reason]}` };
  return done(form.value, JSON.stringify(form.value, null, 2));
}

const done = (value: unknown, text: string): Done => ({ ok: true, value, text, faults: false });

const withRest = (text: string, nextCursor: string | null): string =>
  nextCursor === null ? text : `${text}\n(the newest ${mostRows}; there are more)`;

function refused({ code, details }: Refused, subject: string): Done {
  const more = Object.entries(details ?? {}).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return { ok: false, sentence: [`${subject}: ${code}: ${errorCatalogue[code].meaning}`, ...more].join(' ') };
}
