// The profile of an org as a buyer. A change counts from the next invoice on: what was issued is a snapshot of its own.
import { eq } from 'drizzle-orm';
import type { Profile, ProfileRequest, ProfileWarning } from '../../shared/contract/profile.ts';
import { isPrintable } from '../../shared/gst/printable.ts';
import { pinMatchesState, type StateCode } from '../../shared/gst/states.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { org } from './schema.ts';
import type { Tx } from './tx.ts';

/** Checked: the state is one, the GSTIN is normalised and of that state. */
type CheckedProfile = ProfileRequest & { readonly stateCode: StateCode; readonly gstin: string | null };

export async function readProfile(tx: Tx, orgId: string): Promise<Profile> {
  const [row] = await tx.select().from(org).where(eq(org.orgId, orgId));
  if (row === undefined) throw new Error(`no org ${orgId}`);
  return profileOf(row);
}

/**
 * Changes the profile and writes down who changed what from what; the counters of the org are told. Saying again what stands
 * changes nothing and is not written down.
 */
export async function changeProfile(
  tx: Tx,
  orgId: string,
  wish: CheckedProfile,
  actor: string,
  now: Date,
): Promise<Profile> {
  const [row] = await tx.select().from(org).where(eq(org.orgId, orgId)).for('update');
  if (row === undefined) throw new Error(`no org ${orgId}`);
  const { legalName, address, stateCode, pin, gstin, phone, email } = wish;
  const next = { legalName, address, stateCode, pin, gstin, phone, email };
  const changed = (Object.keys(next) as (keyof typeof next)[]).filter((name) => next[name] !== row[name]);
  if (changed.length > 0) {
    await tx.update(org).set(next).where(eq(org.orgId, orgId));
    const details = Object.fromEntries(changed.map((name) => [name, { from: row[name], to: next[name] }]));
    await writeAudit(tx, { orgId, actor, action: 'org.profile_changed', subject: orgId, details }, now);
    await announceChange(tx, orgId);
  }
  return profileOf({ ...row, ...next });
}

function profileOf(row: Omit<typeof org.$inferSelect, 'orgId' | 'createdAt'>): Profile {
  const { legalName, address, pin, gstin, phone, email } = row;
  // The state was checked against the list when it was written; the column keeps the two digits.
  const stateCode = row.stateCode as StateCode;
  const warnings: ProfileWarning[] = [];
  if (pinMatchesState(pin, stateCode) === false) warnings.push('pin_of_another_state');
  if (!isPrintable(`${legalName}${address}`)) warnings.push('letters_not_printable');
  return { legalName, address, stateCode, pin, gstin, phone, email, warnings };
}
