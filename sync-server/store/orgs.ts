// Orgs, branches and counters. A token or join code is looked up before any org is known; everything else is scoped.
import { createHash } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Device, SignUpRequest } from '../../shared/contract/devices.ts';
import type { Buyer } from '../../shared/gst/document.ts';
import type { StateCode } from '../../shared/gst/states.ts';
import { openLedger } from './ledger.ts';
import { branch, device, joinCode, org, subscription } from './schema.ts';
import type { Tx } from './tx.ts';

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret, 'utf8').digest();

/** The ids and the token that a new counter gets, made by the caller. */
export interface NewCounter {
  readonly orgId: string;
  readonly branchId: string;
  readonly deviceId: string;
  readonly token: string;
}

/** What is kept beside a counter, so that the request that made it can be answered again (activations.ts). */
export interface KeptActivation {
  readonly activationDigest: Buffer;
  readonly sealedToken: Buffer;
}

/**
 * Makes org, first branch, first counter, an empty subscription and an empty ledger. `gstin`: checked and normalised. Throws
 * on the index `device_activation` where the same request was faster.
 */
export async function createOrg(
  tx: Tx,
  request: SignUpRequest & { readonly gstin: string | null },
  ids: NewCounter,
  kept: KeptActivation | null,
  now: Date,
): Promise<void> {
  const { orgId, branchId } = ids;
  await tx.insert(org).values({
    orgId,
    legalName: request.legalName,
    address: request.address,
    stateCode: request.stateCode,
    pin: request.pin,
    gstin: request.gstin,
    phone: request.phone ?? null,
    email: request.email ?? null,
    createdAt: now,
  });
  await tx.insert(branch).values({ orgId, branchId, name: request.branchName ?? 'Main branch', createdAt: now });
  await tx.insert(subscription).values({
    orgId,
    serviceRenewalStatus: 'none',
    branchesIncluded: 0,
    prioritySupport: false,
    monthlyCreditGrant: 0,
    updatedAt: now,
  });
  await openLedger(tx, orgId, now);
  await createDevice(tx, ids, request.deviceName, kept, now);
}

export async function createDevice(
  tx: Tx,
  ids: NewCounter,
  name: string,
  kept: KeptActivation | null,
  now: Date,
): Promise<void> {
  await tx.insert(device).values({
    orgId: ids.orgId,
    deviceId: ids.deviceId,
    branchId: ids.branchId,
    name,
    tokenHash: hashSecret(ids.token),
    createdAt: now,
    ...kept,
  });
}

export interface Caller {
  readonly orgId: string;
  readonly deviceId: string;
  readonly branchId: string;
  readonly revoked: boolean;
  readonly lastSeenAt: Date | null;
}

/** Whose token this is, or null if it was never issued. */
export async function findCaller(tx: Tx, token: string): Promise<Caller | null> {
  const [row] = await tx
    .select({
      orgId: device.orgId,
      deviceId: device.deviceId,
      branchId: device.branchId,
      revokedAt: device.revokedAt,
      lastSeenAt: device.lastSeenAt,
    })
    .from(device)
    .where(eq(device.tokenHash, hashSecret(token)));
  if (row === undefined) return null;
  const { revokedAt, ...caller } = row;
  return { ...caller, revoked: revokedAt !== null };
}

export async function noteSeen(tx: Tx, caller: Caller, now: Date): Promise<void> {
  await tx
    .update(device)
    .set({ lastSeenAt: now })
    .where(and(eq(device.orgId, caller.orgId), eq(device.deviceId, caller.deviceId)));
}

export async function saveJoinCode(tx: Tx, by: Caller, code: string, now: Date, expiresAt: Date): Promise<void> {
  await tx.insert(joinCode).values({
    orgId: by.orgId,
    codeHash: hashSecret(code),
    branchId: by.branchId,
    createdBy: by.deviceId,
    createdAt: now,
    expiresAt,
  });
}

/** The org that a join code was made for, whether or not it can be used still; null for one that nobody made. */
export async function findJoinCode(tx: Tx, code: string): Promise<string | null> {
  const [row] = await tx
    .select({ orgId: joinCode.orgId })
    .from(joinCode)
    .where(eq(joinCode.codeHash, hashSecret(code)));
  return row?.orgId ?? null;
}

/** Uses a code up: the org and branch it is for, or null if it is wrong, used or expired. One caller wins. */
export async function takeJoinCode(
  tx: Tx,
  code: string,
  now: Date,
): Promise<{ orgId: string; branchId: string } | null> {
  const [row] = await tx
    .update(joinCode)
    .set({ usedAt: now })
    .where(
      and(
        eq(joinCode.codeHash, hashSecret(code)),
        isNull(joinCode.usedAt),
        sql`${joinCode.expiresAt} > ${now.toISOString()}`,
      ),
    )
    .returning({ orgId: joinCode.orgId, branchId: joinCode.branchId });
  return row ?? null;
}

/** Counters of an org, oldest first. */
export async function listDevices(tx: Tx, caller: Caller): Promise<Device[]> {
  const rows = await tx
    .select()
    .from(device)
    .where(eq(device.orgId, caller.orgId))
    .orderBy(device.createdAt, device.deviceId);
  return rows.map((row) => deviceView(row, caller.deviceId));
}

/** A counter as the one that asks sees it. */
export function deviceView(row: typeof device.$inferSelect, askedBy: string): Device {
  return {
    id: row.deviceId,
    branchId: row.branchId,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    current: row.deviceId === askedBy,
  };
}

/** Revokes a counter; false if the org has none of that id. Revoking twice keeps the first time. */
export async function revokeDevice(tx: Tx, orgId: string, deviceId: string, now: Date): Promise<boolean> {
  const rows = await tx
    .update(device)
    .set({ revokedAt: sql`coalesce(${device.revokedAt}, ${now.toISOString()})` })
    .where(and(eq(device.orgId, orgId), eq(device.deviceId, deviceId)))
    .returning({ id: device.deviceId });
  return rows.length > 0;
}

/** Makes a further branch while the plan includes one; null when it does not. */
export async function createBranch(tx: Tx, orgId: string, branchId: string, name: string, now: Date): Promise<boolean> {
  const [plan] = await tx
    .select({ included: subscription.branchesIncluded })
    .from(subscription)
    .where(eq(subscription.orgId, orgId))
    .for('update');
  const [{ count } = { count: 0 }] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(branch)
    .where(eq(branch.orgId, orgId));
  if (plan === undefined || count >= plan.included) return false;
  await tx.insert(branch).values({ orgId, branchId, name, createdAt: now });
  return true;
}

/** The org as it stands on an invoice. */
export async function readBuyer(tx: Tx, orgId: string): Promise<Buyer> {
  const [row] = await tx.select().from(org).where(eq(org.orgId, orgId));
  if (row === undefined) throw new Error(`no org ${orgId}`);
  // The state was checked against the list at sign-up; the column keeps the two digits.
  const stateCode = row.stateCode as StateCode;
  return { legalName: row.legalName, gstin: row.gstin, address: row.address, stateCode, pin: row.pin };
}
