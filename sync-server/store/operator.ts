// What an operator looks at, over all orgs: orgs, audit log, webhooks. Newest first, a page at a time. It only reads.
import { and, desc, eq, ilike, lt, or, type SQL, sql } from 'drizzle-orm';
import type { AdminOrg, AdminOrgAnswer, AuditItem, WebhookItem, WebhookState } from '../../shared/contract/admin.ts';
import { renewalStatusAt } from '../../shared/plan/renewal.ts';
import { showPurchase } from '../purchase/view.ts';
import { getCreditBalance } from './ledger.ts';
import { listDevices } from './orgs.ts';
import { type Page, pageOf, readCursor, readNumber } from './pages.ts';
import { listPurchases } from './purchases.ts';
import { billingAuditLog, creditBalanceCache, org, subscription, webhookInbox } from './schema.ts';
import { readSubscription, subscriptionAt } from './subscriptions.ts';
import type { Tx } from './tx.ts';

/** Text in a LIKE pattern that means itself. */
const literally = (text: string) => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** Where `query` occurs: id, legal name, GSTIN, phone as written or its digits alone. */
function matches(query: string): SQL | undefined {
  const pattern = `%${literally(query)}%`;
  const digits = query.replace(/[^0-9]/g, '');
  const isNumber = digits.length > 0 && /^[0-9+ -]+$/.test(query);
  return or(
    ilike(org.orgId, pattern),
    ilike(org.legalName, pattern),
    ilike(org.gstin, pattern),
    ilike(org.phone, pattern),
    isNumber ? sql`regexp_replace(${org.phone}, '[^0-9]', '', 'g') like ${`%${digits}%`}` : undefined,
  );
}

/** Throws RangeError on a cursor that no answer gave. */
export async function listOrgs(
  tx: Tx,
  query: string,
  cursor: string | null,
  limit: number,
  now: Date,
): Promise<Page<AdminOrg>> {
  const filters: (SQL | undefined)[] = [query.trim() === '' ? undefined : matches(query.trim())];
  if (cursor !== null) {
    const [at, id] = readCursor(cursor, /^(\d{1,15}) ([A-Za-z0-9_-]{1,64})$/);
    const createdAt = new Date(Number(at));
    if (Number.isNaN(createdAt.getTime())) throw new RangeError('not a cursor');
    filters.push(or(lt(org.createdAt, createdAt), and(eq(org.createdAt, createdAt), lt(org.orgId, id))));
  }
  const rows = await tx
    .select({ org, due: subscription.serviceRenewalNextDue, balance: creditBalanceCache.balance })
    .from(org)
    .leftJoin(subscription, eq(subscription.orgId, org.orgId))
    .leftJoin(creditBalanceCache, eq(creditBalanceCache.orgId, org.orgId))
    .where(and(...filters))
    .orderBy(desc(org.createdAt), desc(org.orgId))
    .limit(limit + 1);
  const items = rows.map(
    ({ org: row, due, balance }): AdminOrg => ({
      id: row.orgId,
      legalName: row.legalName,
      gstin: row.gstin,
      phone: row.phone,
      createdAt: row.createdAt.toISOString(),
      plan: due === null ? null : 'pharmapulse-one',
      serviceRenewalStatus: renewalStatusAt({ serviceRenewalNextDue: due }, now),
      balance: balance ?? 0,
    }),
  );
  return pageOf(items, limit, (item) => `${new Date(item.createdAt).getTime()} ${item.id}`);
}

export async function isOrg(tx: Tx, orgId: string): Promise<boolean> {
  return (await tx.select({ id: org.orgId }).from(org).where(eq(org.orgId, orgId))).length > 0;
}

const mostPurchases = 200;

/** One org with all that belongs to it, or null. */
export async function readOrg(tx: Tx, orgId: string, publicUrl: string, now: Date): Promise<AdminOrgAnswer | null> {
  const [row] = await tx.select().from(org).where(eq(org.orgId, orgId));
  if (row === undefined) return null;
  const { legalName, gstin, phone, email, address, stateCode, pin } = row;
  const purchases = await listPurchases(tx, orgId, null, null, mostPurchases);
  const nobody = { orgId, deviceId: '', branchId: '', revoked: false, lastSeenAt: null };
  const devices = await listDevices(tx, nobody);
  return {
    org: {
      ...{ id: orgId, legalName, gstin, phone, email, address, stateCode, pin },
      createdAt: row.createdAt.toISOString(),
    },
    subscription: subscriptionAt(await readSubscription(tx, orgId), now),
    ...(await getCreditBalance(tx, orgId)),
    purchases: purchases.items.map((shown) => showPurchase(shown, publicUrl)),
    devices: devices.map(({ current: _theirs, ...device }) => device),
  };
}

/** Throws RangeError on a cursor that no answer gave. */
export async function listAudit(
  tx: Tx,
  orgId: string | null,
  cursor: string | null,
  limit: number,
): Promise<Page<AuditItem>> {
  const rows = await tx
    .select()
    .from(billingAuditLog)
    .where(
      and(
        orgId === null ? undefined : eq(billingAuditLog.orgId, orgId),
        cursor === null ? undefined : lt(billingAuditLog.auditId, readNumber(cursor)),
      ),
    )
    .orderBy(desc(billingAuditLog.auditId))
    .limit(limit + 1);
  const items = rows.map(
    ({ auditId, at, details, ...row }): AuditItem => ({
      ...row,
      id: String(auditId),
      at: at.toISOString(),
      details: details as Record<string, unknown>,
    }),
  );
  return pageOf(items, limit, ({ id }) => id);
}

const webhookColumns = {
  inboxId: webhookInbox.inboxId,
  provider: webhookInbox.provider,
  eventId: webhookInbox.eventId,
  event: webhookInbox.event,
  state: webhookInbox.state,
  attempts: webhookInbox.attempts,
  reason: webhookInbox.reason,
  receivedAt: webhookInbox.receivedAt,
};

/** Without their bodies. Throws RangeError on a cursor that no answer gave. */
export async function listWebhooks(
  tx: Tx,
  state: WebhookState | null,
  cursor: string | null,
  limit: number,
): Promise<Page<WebhookItem>> {
  const rows = await tx
    .select(webhookColumns)
    .from(webhookInbox)
    .where(
      and(
        state === null ? undefined : eq(webhookInbox.state, state),
        cursor === null ? undefined : lt(webhookInbox.inboxId, readNumber(cursor)),
      ),
    )
    .orderBy(desc(webhookInbox.inboxId))
    .limit(limit + 1);
  return pageOf(rows.map(webhookOf), limit, ({ id }) => id);
}

export async function findWebhook(tx: Tx, inboxId: number): Promise<WebhookItem | null> {
  const [row] = await tx.select(webhookColumns).from(webhookInbox).where(eq(webhookInbox.inboxId, inboxId));
  return row === undefined ? null : webhookOf(row);
}

type WebhookRow = Pick<typeof webhookInbox.$inferSelect, keyof typeof webhookColumns>;

const webhookOf = ({ inboxId, receivedAt, ...row }: WebhookRow): WebhookItem => ({
  ...row,
  id: String(inboxId),
  receivedAt: receivedAt.toISOString(),
});
