// What the server counts, in Prometheus' text. Labels are closed lists (routes as they are declared, states, kinds): no
// org, id, key or address ever becomes one. Everything is counted in this process after the commit that it tells of, so a
// scrape never asks the database. Alarms alone are counted in the database, and every process tells the same of them as of
// its last look: over several processes take the greatest, not the sum.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type FaultKind, faultCatalogue } from '../shared/contract/admin.ts';
import { alarmCatalogue } from '../shared/contract/alarms.ts';
import { type ReminderKind, reminderKind } from '../shared/plan/reminders.ts';

export type WebhookReceived = 'stored' | 'repeated' | 'invalid_signature' | 'no_event';
export type WebhookApplied = 'applied' | 'ignored' | 'postponed' | 'parked';
const settleOutcomes = [
  'settled',
  'known',
  'review',
  'refund_due',
  'refunded',
  'refund_pending',
  'refund_failed',
  'disputed',
  'anothers',
  'failure_noted',
  'nothing',
  'foreign',
] as const;
export type SettleOutcome = (typeof settleOutcomes)[number];
export type Alarm = 'money_review' | 'money_refund_due' | 'webhook_parked' | 'verify_faults';
export type Job = 'queue' | 'inbox' | 'sweep' | 'looks' | 'verify' | 'grants' | 'reminders' | 'turnover';

export interface Metrics {
  /** `route` as declared (`/api/devices/:id`), or null where none fitted. */
  requestDone(method: string, route: string | null, status: number, seconds: number): void;
  webhookReceived(outcome: WebhookReceived): void;
  webhookApplied(outcome: WebhookApplied): void;
  settled(outcome: SettleOutcome): void;
  jobFailed(job: Job): void;
  /** So many monthly grants were given. */
  granted(grants: number): void;
  /** The job of the monthly grants ended: how many orgs it left for the next run, and when. */
  grantsRan(left: number, at: Date): void;
  reminded(kind: ReminderKind): void;
  /** Webhooks without a valid signature that came to this process. */
  signatureFailures(): number;
  /** All alarms there are, as the database has them now. */
  alarmsCounted(counts: readonly { kind: string; open: number; raised: number }[]): void;
  /** A verification of everything ended: how often each kind of fault was found, and what waits for a person. */
  verified(faults: ReadonlyMap<FaultKind, number>, attentionCount: number, at: Date): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export interface MetricsOptions {
  /** How many spends wait for the ledger or are being written. */
  readonly ledgerWaiting: () => number;
  /** Memory, CPU, event loop and garbage collection of the process besides. */
  readonly ofProcess: boolean;
}

export function createMetrics({ ledgerWaiting, ofProcess }: MetricsOptions): Metrics {
  const register = new Registry();
  if (ofProcess) collectDefaultMetrics({ register });
  const requestDone = countRequests(register);
  const received = counter(register, 'webhooks_received_total', 'Webhooks that came, by what was done first', [
    ...['stored', 'repeated', 'invalid_signature', 'no_event'],
  ]);
  const applied = counter(register, 'webhooks_applied_total', 'Looks at stored webhooks, by what became of them', [
    ...['applied', 'ignored', 'postponed', 'parked'],
  ]);
  const settles = counter(register, 'settles_total', 'Reports of money, by what they caused', [...settleOutcomes]);
  const alarms = counter(register, 'alarms_total', 'What an operator must look at', [
    ...['money_review', 'money_refund_due', 'webhook_parked', 'verify_faults'],
  ]);
  const jobs = counter(register, 'job_failures_total', 'Runs of jobs that threw', [
    'queue',
    'inbox',
    'sweep',
    'looks',
    'verify',
    'grants',
    'reminders',
  ]);
  let signatureFailures = 0;
  new Gauge({
    name: 'pharmapulse_ledger_waiting',
    help: 'Spends that wait for the ledger or are being written',
    registers: [register],
    collect() {
      this.set(ledgerWaiting());
    },
  });
  return {
    requestDone,
    webhookReceived: (outcome) => {
      received(outcome);
      if (outcome === 'invalid_signature') signatureFailures += 1;
    },
    signatureFailures: () => signatureFailures,
    alarmsCounted: countAlarms(register),
    webhookApplied: (outcome) => {
      applied(outcome);
      if (outcome === 'parked') alarms('webhook_parked');
    },
    settled: (outcome) => {
      settles(outcome);
      if (outcome === 'review' || outcome === 'refund_due') alarms(`money_${outcome}`);
    },
    jobFailed: jobs,
    ...countGrants(register),
    reminded: counter(register, 'reminders_total', 'Reminders of a renewal that were recorded, by kind', [
      ...reminderKind.options,
    ]),
    verified: countVerified(register, () => alarms('verify_faults')),
    contentType: register.contentType,
    text: () => register.metrics(),
  };
}

/** Every outcome is there from the start, at 0: a rate can be asked for before the first. */
function counter<O extends string>(register: Registry, name: string, help: string, outcomes: readonly O[]) {
  const made = new Counter({
    name: `pharmapulse_${name}`,
    help,
    labelNames: ['outcome'] as const,
    registers: [register],
  });
  for (const outcome of outcomes) made.inc({ outcome }, 0);
  return (outcome: O): void => made.inc({ outcome });
}

function countRequests(register: Registry): Metrics['requestDone'] {
  const made = new Histogram({
    name: 'pharmapulse_http_request_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [register],
  });
  // Looked up once for each route and status, since every request comes by here.
  const known = new Map<string, ReturnType<typeof made.labels>>();
  return (method, route, status, seconds) => {
    // What fits no route may have any method: one line for all of them.
    const labels = { method: route === null ? 'any' : method, route: route ?? 'none', status: String(status) };
    const name = `${labels.method} ${labels.route} ${labels.status}`;
    let child = known.get(name);
    if (child === undefined) {
      child = made.labels(labels);
      known.set(name, child);
    }
    child.observe(seconds);
  };
}

function countVerified(register: Registry, alarm: () => void): Metrics['verified'] {
  const registers = [register];
  const faults = new Gauge({
    name: 'pharmapulse_verify_faults',
    help: 'Faults that the last verification of everything by this process found',
    labelNames: ['kind'] as const,
    registers,
  });
  const attention = new Gauge({
    name: 'pharmapulse_verify_attention',
    help: 'What waits for a person as of the last verification of everything by this process',
    registers,
  });
  const lastRun = new Gauge({
    name: 'pharmapulse_verify_last_run_timestamp_seconds',
    help: 'When this process last verified everything to the end; 0 before the first',
    registers,
  });
  return (found, attentionCount, at) => {
    for (const kind of Object.keys(faultCatalogue) as FaultKind[]) faults.set({ kind }, found.get(kind) ?? 0);
    attention.set(attentionCount);
    lastRun.set(at.getTime() / 1000);
    if (found.size > 0) alarm();
  };
}

function countGrants(register: Registry): Pick<Metrics, 'granted' | 'grantsRan'> {
  const registers = [register];
  const granted = new Counter({
    name: 'pharmapulse_grants_total',
    help: 'Monthly grants that this process gave by the calendar',
    registers,
  });
  const left = new Gauge({
    name: 'pharmapulse_grants_left',
    help: 'Orgs whose month has begun and is not decided, when the job of this process last ended',
    registers,
  });
  const lastRun = new Gauge({
    name: 'pharmapulse_grants_last_run_timestamp_seconds',
    help: 'When the job of the monthly grants last ended in this process; 0 before the first',
    registers,
  });
  return {
    granted: (grants) => granted.inc(grants),
    grantsRan: (count, at) => {
      left.set(count);
      lastRun.set(at.getTime() / 1000);
    },
  };
}

function countAlarms(register: Registry): Metrics['alarmsCounted'] {
  const registers = [register];
  const labelNames = ['kind'] as const;
  const open = new Gauge({
    name: 'pharmapulse_alarms_open',
    help: 'Alarms that wait for a person',
    labelNames,
    registers,
  });
  const raised = new Counter({
    name: 'pharmapulse_alarms_raised_total',
    help: 'How often alarms were raised, while they were open too',
    labelNames,
    registers,
  });
  const tell: Metrics['alarmsCounted'] = (counts) => {
    raised.reset();
    for (const kind of Object.keys(alarmCatalogue)) {
      const found = counts.find((one) => one.kind === kind);
      open.set({ kind }, found?.open ?? 0);
      raised.inc({ kind }, found?.raised ?? 0);
    }
  };
  tell([]);
  return tell;
}
