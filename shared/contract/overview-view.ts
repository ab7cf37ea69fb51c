// What the counter shows first: session, connection, plan and credits, which main computes when asked, from mirror, outbox and
// session. The renderer keeps no truth of its own; after a notice it asks again.
import { z } from 'zod';
import { calendarDate, instant } from '../ledger/entry.ts';
import { sku } from '../plan/catalogue.ts';
import { features, forecast, renewalStatus } from '../plan/shapes.ts';
import { price } from './price.ts';

/**
 * state `none`: not activated. `active`: has a token. `revoked`: the server said so; data stays readable.
 * serverUrl: where it syncs to. appVersion: of this counter.
 */
export const sessionView = z.object({
  state: z.enum(['none', 'active', 'revoked']),
  orgId: z.string().nullable(),
  orgName: z.string().nullable(),
  deviceId: z.string().nullable(),
  deviceName: z.string().nullable(),
  serverUrl: z.string(),
  appVersion: z.string(),
});
export type SessionView = z.infer<typeof sessionView>;

/**
 * connection `online`: the last contact worked. `offline`: no answer. `refused`: the server answers but not for us.
 * verifiedAt: server time of the last pull whose entries were all checked; null before the first. The data shown is from
 * then, whatever was tried since. ageSeconds: how long ago that is, null while nobody knows: before the first contact of a
 * start, and after what may have been a sleep. busy: a pull or send is under way. nextTryAt: when the next one comes, if
 * offline. clock: `wrong` when the PC's clock differs from the server's by more than 2 minutes, `unknown` while that cannot
 * be told.
 * problem: null when all is well, else a code: why there was no answer (`unreachable`, `timeout`, `not_our_server` as
 * from a captive portal, `not_understood`, or the server's own code), `ledger_mismatch` (the entries do not fit their
 * chain), `entitlement_refused` (what it says of the plan is not signed as it must be; the last that was stays in force), or
 * what is wrong on this PC: `token_lost` (join again), `outbox_salvaged`, `outbox_unreadable`, `storage_failed`.
 */
export const syncView = z.object({
  connection: z.enum(['connecting', 'online', 'offline', 'refused']),
  busy: z.boolean(),
  verifiedAt: instant.nullable(),
  ageSeconds: z.int().min(0).nullable(),
  nextTryAt: instant.nullable(),
  /** The server asked to be left alone until then, and is, whoever presses; null when it did not. */
  waitUntil: instant.nullable().optional(),
  clock: z.enum(['right', 'wrong', 'unknown']),
  problem: z.string().nullable(),
  /**
   * While older entries are still being fetched: how many of all are held. The newest are, and what is shown of the balance is
   * whole; what lies before them is not there yet. Null when all are held.
   */
  older: z
    .object({ held: z.int().min(0), total: z.int().min(0) })
    .nullable()
    .optional(),
});
export type SyncView = z.infer<typeof syncView>;

/** Everything the overview needs; status parts are null before the first pull. */
export const overviewView = z.object({
  session: sessionView,
  sync: syncView,
  plan: z
    .object({
      owned: z.boolean(),
      purchasedAt: instant.nullable(),
      status: renewalStatus,
      nextDue: calendarDate.nullable(),
      lapsesOn: calendarDate.nullable(),
      daysLeft: z.int().min(0).nullable(),
      branchesIncluded: z.int().min(0),
      prioritySupport: z.boolean(),
      monthlyCreditGrant: z.int().min(0),
      renewalMode: z.enum(['manual', 'autopay']).nullable(),
      features,
      /** Status and features are what was known last: they may be others by now. */
      featuresStale: z.boolean().optional(),
      /** Where they probably are others by now, or nobody can say: since when they were as they are shown. */
      asOf: instant.nullable().optional(),
    })
    .nullable(),
  /**
   * lowBelow: fewer available than this are told as running low; the user's own setting on this counter. month: `YYYY-MM` of the
   * data shown, usedThisMonth: what was used in it. forecast: how long they last at the pace of the last weeks.
   */
  credits: z
    .object({
      balance: z.int(),
      held: z.int(),
      available: z.int(),
      seq: z.int(),
      lowBelow: z.int().min(0),
      month: z.string(),
      usedThisMonth: z.int().min(0),
      forecast,
    })
    .nullable(),
  /** Of what this version can sell; a newer server may sell less of it. */
  prices: z.partialRecord(sku, price).nullable(),
  pricesIncludeGst: z.boolean().nullable(),
  testMoney: z.boolean(),
  /** The server's time now where it is test time, else null. */
  testTime: instant.nullable(),
  /** Purchases that are waiting: to be sent, to be paid, or for a decision. */
  waiting: z.int().min(0),
});
export type OverviewView = z.infer<typeof overviewView>;
