// Text for a person at a terminal: tables with a head line, columns as wide as what stands in them. Pure.
import type {
  AdminOrg,
  AdminOrgAnswer,
  AuditItem,
  RefundAnswer,
  VerifyAnswer,
  WebhookItem,
} from '../../shared/contract/admin.ts';
import type { AlarmItem } from '../../shared/contract/alarms.ts';
import { rupeesText } from '../../shared/ledger/money.ts';

type Row = readonly (string | number | null)[];

export function table(head: readonly string[], rows: readonly Row[]): string {
  if (rows.length === 0) return '(none)';
  const cells = [head, ...rows.map((row) => row.map((cell) => (cell === null ? '-' : String(cell))))];
  const widths = head.map((_name, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const orgsTable = (items: readonly AdminOrg[]): string =>
  table(
    ['ID', 'NAME', 'GSTIN', 'PHONE', 'PLAN', 'BALANCE', 'SINCE'],
    items.map((org) => [
      org.id,
      org.legalName,
      org.gstin,
      org.phone,
      org.plan === null ? 'none' : org.serviceRenewalStatus,
      org.balance,
      org.createdAt.slice(0, 10),
    ]),
  );

export function orgText({ org, subscription, purchases, devices, ...credits }: AdminOrgAnswer): string {
  const facts = table(
    ['ORG', org.id],
    [
      ['name', org.legalName],
      ['address', `${org.address} ${org.pin}, state ${org.stateCode}`],
      ['GSTIN', org.gstin],
      ['phone', org.phone],
      ['email', org.email],
      ['plan', subscription.planType === null ? 'none' : subscription.serviceRenewalStatus],
      ['next due', subscription.serviceRenewalNextDue],
      ['credits', `${credits.balance}, held ${credits.held}, available ${credits.available}, entries ${credits.seq}`],
    ],
  );
  const bought = table(
    ['PURCHASE', 'SKU', 'QTY', 'STATE', 'RUPEES', 'ASKED', 'PAID'],
    purchases.map((one) => [
      ...[one.id, one.sku, one.quantity, one.state, rupeesText(one.amountPaise)],
      ...[one.createdAt, one.paidAt],
    ]),
  );
  const counters = table(
    ['COUNTER', 'NAME', 'SINCE', 'SEEN', 'REVOKED'],
    devices.map((one) => [one.id, one.name, one.createdAt, one.lastSeenAt, one.revokedAt]),
  );
  return [facts, bought, counters].join('\n\n');
}

export const auditTable = (items: readonly AuditItem[]): string =>
  table(
    ['AT', 'ACTOR', 'ACTION', 'SUBJECT', 'DETAILS'],
    items.map((item) => [item.at, item.actor, item.action, item.subject, JSON.stringify(item.details)]),
  );

export const webhooksTable = (items: readonly WebhookItem[]): string =>
  table(
    ['ID', 'EVENT', 'STATE', 'TRIES', 'RECEIVED', 'REASON'],
    items.map((item) => [item.id, item.event, item.state, item.attempts, item.receivedAt, item.reason]),
  );

/** The alarms, and under them what each kind among them means and what to do about it. */
export function alarmsTable(items: readonly AlarmItem[]): string {
  const rows = table(
    ['ID', 'KIND', 'WHAT', 'ORG', 'TIMES', 'FIRST', 'LAST', 'CLOSED', 'DETAILS'],
    items.map((one) => [
      ...[one.id, one.kind, one.subject, one.orgId, one.times, one.firstAt, one.lastAt, one.closedAt],
      JSON.stringify(one.details),
    ]),
  );
  const kinds = new Map(items.map((one) => [one.kind, `${one.kind}: ${one.meaning}.\n  ${one.advice}`]));
  return [rows, ...kinds.values()].join('\n\n');
}

export function verifyText(report: VerifyAnswer): string {
  const { orgs, entries, holds, purchases, documents } = report.checked;
  const parts = [
    `checked ${orgs} orgs, ${entries} entries, ${holds} holds, ${purchases} purchases, ${documents} documents, as of ${report.at}`,
  ];
  if (report.attentionCount > 0) {
    const rows = report.attention.map((one) => [one.orgId, one.kind, one.subject, one.detail]);
    parts.push(`${report.attentionCount} to look at:\n${table(['ORG', 'KIND', 'WHAT', 'DETAIL'], rows)}`);
  }
  if (report.ok) return [...parts, 'no faults'].join('\n\n');
  const rows = report.faults.map((one) => [one.orgId, one.kind, one.subject, one.expected, one.found]);
  parts.push(table(['ORG', 'FAULT', 'WHERE', 'EXPECTED', 'FOUND'], rows));
  const more = report.faultCount - report.faults.length;
  return [...parts, `${report.faultCount} faults${more > 0 ? `, ${more} of them not listed` : ''}`].join('\n\n');
}

/** A month of grants as the operator reads it. */
export interface GrantsShown {
  readonly month: string;
  readonly granted: number;
  readonly passed: number;
  readonly left: number;
  readonly startedAt: string;
  readonly lastAt: string;
  readonly finishedAt: string | null;
}

/** `left`: orgs whose month has begun and is not decided, now. */
export function grantsText(runs: readonly GrantsShown[], left: number): string {
  const rows = table(
    ['MONTH', 'GRANTED', 'PASSED', 'LEFT', 'BEGUN', 'LAST', 'DONE'],
    runs.map((run) => [run.month, run.granted, run.passed, run.left, run.startedAt, run.lastAt, run.finishedAt]),
  );
  return `${rows}\n\n${left === 0 ? 'nothing is left to grant' : `${left} orgs are left`}`;
}

/** What became of a refund so far, and where its purchase is. */
export function refundText({ refund, purchase }: RefundAnswer): string {
  return table(
    ['REFUND', refund.id],
    [
      ['status', refund.status],
      ['rupees', rupeesText(refund.amountPaise)],
      ['payment', refund.paymentId],
      ['at the provider', refund.refundId],
      [
        'credits taken back',
        refund.shortfall === 0 ? refund.reversed : `${refund.reversed}, ${refund.shortfall} short`,
      ],
      ['credit note', refund.creditNoteId],
      ['purchase', `${purchase.id}, ${purchase.state}, ${rupeesText(purchase.refundedPaise)} back in all`],
    ],
  );
}
