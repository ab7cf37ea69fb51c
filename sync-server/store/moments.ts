// What lies ahead by the calendar, across orgs: for the sandbox's page, where a person moves the test clock.
import { asc, eq, isNotNull } from 'drizzle-orm';
import { dueSoonDays, lapseDate } from '../../shared/plan/renewal.ts';
import { addDays, startOfBusinessDate } from '../../shared/plan/service-year.ts';
import { org, subscription } from './schema.ts';
import type { Db } from './tx.ts';

/** So many orgs are shown; a sandbox seldom has more. */
const mostOrgs = 3;

/** The days on which a renewal's status changes, of the orgs whose turn comes next, soonest first. */
export async function renewalMoments(db: Db, now: Date): Promise<{ title: string; at: Date }[]> {
  const rows = await db
    .select({ name: org.legalName, due: subscription.serviceRenewalNextDue })
    .from(subscription)
    .innerJoin(org, eq(org.orgId, subscription.orgId))
    .where(isNotNull(subscription.serviceRenewalNextDue))
    .orderBy(asc(subscription.serviceRenewalNextDue), asc(subscription.orgId));
  const ahead = rows.filter(({ due }) => due !== null && startOfBusinessDate(lapseDate(due)) > now);
  return ahead
    .slice(0, mostOrgs)
    .flatMap(({ name, due }) => (due === null ? [] : momentsOf(name, due)))
    .filter(({ at }) => at > now)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function momentsOf(name: string, due: string) {
  return [
    { title: `${name}: renewal due soon`, at: startOfBusinessDate(addDays(due, -dueSoonDays)) },
    { title: `${name}: renewal due`, at: startOfBusinessDate(due) },
    { title: `${name}: lapse`, at: startOfBusinessDate(lapseDate(due)) },
  ];
}
