// The auditor of a life: from what was done, what the provider holds and when the servers ran, it says what every org must have,
// and compares. Imports nothing of the programs that it audits, so that a mistake of theirs cannot be its own.
import type { Client } from 'pg';
import { documentFaults } from '../storm/auditor-series.ts';
import { type Entry, type LifeBooks, readBooks } from './auditor-books.ts';
import { dateAt } from './auditor-calendar.ts';
import { creditsEach, type Effect, entryFaults, type OrgFacts } from './auditor-entries.ts';
import type { LifeLog, LoggedSample } from './auditor-log.ts';
import { indexMoney, type MoneyIndex, purchaseFaults, yearsPaid } from './auditor-money.ts';
import { daysLeftOn, dueBy, featuresIn, type Months, monthsOf, statusOn, type YearPaid } from './auditor-plan.ts';
import { reminderFaults, toldFaults } from './auditor-reminders.ts';

export interface LifeAudit {
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  /** How often each status was told: `told: lapsed` and so on. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly books: LifeBooks;
}

export async function auditLife(client: Client, log: LifeLog): Promise<LifeAudit> {
  const books = await readBooks(client);
  const at = indexMoney(books, log);
  const years = yearsPaid(books, at);
  const entries = Map.groupBy(books.entries, ({ org }) => org);
  const reminders = Map.groupBy(books.reminders, ({ org }) => org);
  const samples = Map.groupBy(log.samples, ({ org }) => org);
  const caches = new Map(books.caches.map((cache) => [cache.org, cache]));
  const figures = {
    months: 0,
    monthsOpen: 0,
    monthsAfterLapse: 0,
    monthsLapsed: 0,
    samples: log.samples.length,
    entries: books.entries.length,
  };
  const findings: string[] = [];
  for (const { org } of log.orgs) {
    const of = years.get(org) ?? [];
    const months = monthsOf(of, log.runs);
    figures.months += months.must.size;
    figures.monthsOpen += months.may.size;
    figures.monthsAfterLapse += [...months.must.values()].filter((why) => why.includes('after the lapse')).length;
    figures.monthsLapsed += months.lapsed;
    const own = entries.get(org) ?? [];
    findings.push(...entryFaults(own, caches.get(org), factsOf(org, months, books, at, log)));
    findings.push(...(samples.get(org) ?? []).flatMap((sample) => sampleFaults(sample, of, own)));
    findings.push(...standingFaults(org, of, books));
    const given = reminders.get(org) ?? [];
    const remindedWrong = (samples.get(org) ?? []).flatMap((sample) => toldFaults(sample, given));
    findings.push(
      ...reminderFaults(given, of, log.runs)
        .concat(remindedWrong)
        .map((fault) => `${org} ${fault}`),
    );
  }
  for (const asked of log.purchases) findings.push(...purchaseFaults(asked, at, years.get(asked.org) ?? [], log));
  findings.push(...wishFaults(log, at), ...nothingElse(books, log), ...documentFaults(books), ...leftovers(books));
  const statuses = new Map<string, number>();
  for (const { status } of log.samples) statuses.set(`told: ${status}`, (statuses.get(`told: ${status}`) ?? 0) + 1);
  return { findings, figures: { ...figures, ...countsOf(books) }, statuses, books };
}

const countsOf = ({ reminders, documents, purchases, payments }: LifeBooks) => ({
  purchases: purchases.length,
  payments: payments.length,
  seconds: payments.filter(({ effect }) => effect !== 'settled').length,
  reminders: reminders.length,
  invoices: documents.filter(({ kind }) => kind === 'invoice').length,
  creditNotes: documents.filter(({ kind }) => kind === 'credit_note').length,
});

function factsOf(org: string, months: Months, books: LifeBooks, at: MoneyIndex, log: LifeLog): OrgFacts {
  const settled = books.payments.filter((payment) => payment.org === org && payment.effect === 'settled');
  const effects = settled.map(({ purchase, amount, capturedAt }): [string, Effect] => {
    const row = at.purchases.get(purchase);
    const credits = row?.sku === 'topup.50k' ? row.quantity * creditsEach : 0;
    return [purchase, { purchase, sku: row?.sku ?? '', credits, amount, capturedAt }];
  });
  const order = new Map([...at.notes.keys()].map((id, index) => [id, index]));
  const refunds = settled
    .flatMap(({ id }) => at.refunds.get(id) ?? [])
    .filter(({ status }) => status === 'processed')
    .map((refund) => ({ ...refund, noteAt: at.notes.get(refund.note ?? '')?.createdAt ?? 0 }))
    .toSorted((a, b) => (order.get(a.note ?? '') ?? 0) - (order.get(b.note ?? '') ?? 0));
  const spends = log.spends.filter((spend) => spend.org === org);
  return { org, months, effects: new Map(effects), spends, refunds, runs: log.runs };
}

/** Nothing is written between the end of a step and the samples of it, so an entry of this moment is of before. */
const momentMs = 20_000;

/** What a counter was told of its plan and its credits, at the time it was told. */
function sampleFaults(told: LoggedSample, years: readonly YearPaid[], entries: readonly Entry[]): string[] {
  const due = dueBy(years, Number.POSITIVE_INFINITY, told.at + momentMs);
  const date = dateAt(told.at);
  const status = statusOn(due, date);
  const balance = entries.findLast(({ createdAt }) => createdAt <= told.at + momentMs)?.balance ?? 0;
  const expected = {
    plan: due === null ? null : 'pharmapulse-one',
    ...{ status, nextDue: due, daysLeft: daysLeftOn(due, date) },
    ...{ features: featuresIn(status), balance, held: 0, available: balance },
  };
  const { org, at, features, reminders: _, ...rest } = told;
  const plain = (of: object) => JSON.stringify(Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const same =
    plain({ ...rest, features: plain(features) }) === plain({ ...expected, features: plain(expected.features) });
  if (same) return [];
  return [
    `${org} was told at ${new Date(at).toISOString()} ${JSON.stringify({ ...rest, features })} instead of ${JSON.stringify(expected)}`,
  ];
}

/** The subscription's row at the end. */
function standingFaults(org: string, years: readonly YearPaid[], books: LifeBooks): string[] {
  const row = books.standings.find((one) => one.org === org);
  const due = dueBy(years, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER);
  if (row === undefined) return [`${org} has no subscription`];
  const right =
    row.nextDue === due && (row.planType !== null) === (due !== null) && row.grant === (due === null ? 0 : creditsEach);
  return right
    ? []
    : [`${org}: next due is ${row.nextDue} (${row.planType}, ${row.grant} a month), by its payments ${due}`];
}

/** What operators sent back went back, and nothing that nobody wanted. */
function wishFaults(log: LifeLog, at: MoneyIndex): string[] {
  const wanted = new Map<string, number>();
  for (const { purchase, amount } of log.wishes) wanted.set(purchase, (wanted.get(purchase) ?? 0) + amount);
  const faults: string[] = [];
  for (const { id } of log.purchases) {
    const rows = (at.payments.get(id) ?? []).flatMap((payment) =>
      (at.refunds.get(payment.id) ?? []).map((row) => ({ row, payment })),
    );
    const ours = rows.filter(({ row, payment }) => row.key.startsWith('rfk_') && payment.effect === 'settled');
    const back = ours.reduce((sum, { row }) => sum + row.amount, 0);
    if (back !== (wanted.get(id) ?? 0))
      faults.push(`${id}: ${wanted.get(id) ?? 0} paise were to be sent back, ${back} were`);
  }
  return faults;
}

function nothingElse(books: LifeBooks, log: LifeLog): string[] {
  const asked = new Set(log.purchases.map(({ id }) => id));
  const captured = new Set(log.orders.flatMap(({ payments }) => payments.map(({ id }) => id)));
  const orgs = new Set(log.orgs.map(({ org }) => org));
  return [
    ...books.purchases.filter(({ id }) => !asked.has(id)).map(({ id }) => `${id} was never asked for`),
    ...books.payments.filter(({ id }) => !captured.has(id)).map(({ id }) => `${id} is no money of the provider's`),
    ...books.standings.filter(({ org }) => !orgs.has(org)).map(({ org }) => `${org} never signed up`),
  ];
}

/** Alarms that would say that money and effect differ. */
const badAlarms = ['effect_without_money', 'money_without_effect', 'second_order', 'refund_failed', 'look_up_failed'];

function leftovers({ purchases, refunds, inbox, alarms }: LifeBooks): string[] {
  const waiting = ['pending', 'parked'].filter((state) => (inbox[state] ?? 0) > 0);
  return [
    ...waiting.map((state) => `${inbox[state]} webhooks are ${state}`),
    ...purchases.filter(({ state }) => state === 'awaiting_payment').map(({ id }) => `${id} still waits for money`),
    ...refunds
      .filter(({ status }) => status !== 'processed')
      .map(({ purchase, status }) => `a refund of ${purchase} is ${status}`),
    ...badAlarms.filter((kind) => kind in alarms).map((kind) => `${alarms[kind]} alarms: ${kind}`),
  ];
}
