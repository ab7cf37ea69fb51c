// The work that nobody waits for: applying webhooks, expiring purchases and holds, looking at what may have been paid
// unnoticed, asking about mandates (at once, where an event left something open), sending money back, and what the calendar
// brings: monthly grants and reminders. pg-boss wakes it, on
// one process at a time per queue entry; each job takes what is due from its own table, so a lost or doubled wake-up
// changes nothing.
import { PgBoss } from 'pg-boss';
import { businessZone } from '../../shared/plan/service-year.ts';
import type { Job } from '../metrics.ts';
import { expirePurchases } from '../orders/close-purchase.ts';
import { lookAtDue } from '../orders/look-at-due.ts';
import { lookUpDueMandates } from '../orders/mandates.ts';
import { askForRefunds, askForUntoldRefunds } from '../orders/refund-payment.ts';
import { countOpenAlarms } from '../orders/sound-alarm.ts';
import { watchSignatures } from '../orders/watch-signatures.ts';
import { watchTurnover } from '../orders/watch-turnover.ts';
import type { Parts } from '../parts.ts';
import { applyDueWebhooks } from './apply-webhooks.ts';
import { expireHolds } from './expire-holds.ts';
import { grantDueMonths, grantSchedule } from './grant-months.ts';
import { recordDueReminders, reminderSchedule } from './remind.ts';
import { verifyLedgers, verifySchedule } from './verify-ledgers.ts';

export interface Workers {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether the queue is up and its last look was not too long ago. */
  running(): boolean;
  /** Asks for a look at the inbox: at once, or by whichever process is free then. */
  wakeInbox(afterSeconds: number): void;
  /** Does everything that is due now, in order, and returns when it is done. */
  runDue(): Promise<void>;
}

const sweep = 'billing-sweep';
/** By itself, since a provider that takes its time must not keep holds and webhooks waiting. */
const look = 'billing-look';
/** What the calendar brings: at its moment, and every minute for whatever was missed; beside all else, as it may take long. */
const calendar = 'plan-calendar';
const grantsAtMonth = 'plan-grants';
const remindersAtDay = 'plan-reminders';
const verify = 'ledger-verify';
const turnover = 'turnover-watch';
const turnoverSchedule = '53 * * * *';
/** Of all processes one verifies at a time; what was missed is not made up for, since the next run looks at everything. */
const verifyQueue = { policy: 'exclusive', retryLimit: 0, expireInSeconds: 3_600 } as const;

export function createWorkers(parts: () => Parts, databaseUrl: string): Workers {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: 'pgboss',
    application_name: 'pharmapulse-jobs',
    max: 3,
  });
  const failed = (job: Job, error: unknown) => {
    parts().metrics.jobFailed(job);
    parts().log.error({ err: error }, `job ${job}`);
  };
  boss.on('error', (error) => failed('queue', error));
  /** Counts a run that throws; the queue hears of it as well. */
  const noting = async (job: Job, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      failed(job, error);
      throw error;
    }
  };
  let up = false;
  const runDue = () => workOffTables(parts());
  const looks = singleFlight(lookRun(parts, () => up));
  const mandates = singleFlight(() => lookUpDueMandates(parts()));
  const inbox = singleFlight(async () => {
    await applyDueWebhooks(parts());
    await askForRefunds(parts());
  });
  const due = singleFlight(runDue);
  const plans = calendarRuns(parts, noting, () => up);
  return {
    start: async () => {
      await boss.start();
      await everyMinute(boss, sweep, () => noting('sweep', due));
      await everyMinute(boss, look, () => noting('looks', () => looks().then(mandates)));
      await plans.start(boss);
      await boss.createQueue(verify, verifyQueue);
      await boss.schedule(verify, verifySchedule);
      await boss.work(verify, { pollingIntervalSeconds: 30 }, () => noting('verify', () => verifyLedgers(parts())));
      await boss.createQueue(turnover, verifyQueue);
      await boss.schedule(turnover, turnoverSchedule);
      await boss.work(turnover, { pollingIntervalSeconds: 30 }, () => noting('turnover', () => watchTurnover(parts())));
      up = true;
      // What the last process left behind when it ended.
      await due();
      plans.catchUp();
    },
    stop: async () => {
      up = false;
      await boss.stop({ graceful: true, timeout: 800 });
      await Promise.all([inbox.idle(), due.idle(), looks.idle(), mandates.idle(), plans.idle()]);
    },
    running: () => up,
    wakeInbox: (afterSeconds) => {
      if (!up) return;
      const woken = afterSeconds === 0 ? inbox().then(mandates) : boss.send(sweep, {}, { startAfter: afterSeconds });
      woken.catch((error: unknown) => failed('inbox', error));
    },
    // What another run has begun counts as due: it is done as well when this returns.
    runDue: async () => {
      await runDue();
      await looks();
      await Promise.all([inbox.idle(), due.idle()]);
      await mandates();
      // Money that a look found may have to go back.
      await Promise.all([askForRefunds(parts()), inbox.idle()]);
      // After all that changes what is paid.
      await plans.toTheEnd();
      await watchTurnover(parts());
    },
  };
}

/** What is due in the tables that are looked at every minute. */
async function workOffTables(parts: Parts): Promise<void> {
  await applyDueWebhooks(parts);
  await expirePurchases(parts);
  await expireHolds(parts);
  await askForRefunds(parts);
  await askForUntoldRefunds(parts);
}

/** One run of looks, with what goes before and after it. */
function lookRun(parts: () => Parts, goesOn: () => boolean): () => Promise<void> {
  const tellOfSignatures = watchSignatures();
  return async () => {
    await tellOfSignatures(parts());
    await lookAtDue(parts(), goesOn);
    await countOpenAlarms(parts());
  };
}

/** Grants before reminders, in one run at a time. */
function calendarRuns(
  parts: () => Parts,
  noting: (job: Job, run: () => Promise<void>) => Promise<void>,
  up: () => boolean,
) {
  const run = async (goesOn: () => boolean) => {
    await noting('grants', () => grantDueMonths(parts(), goesOn));
    await noting('reminders', () => recordDueReminders(parts(), goesOn));
  };
  const whenUp = singleFlight(() => run(up));
  return {
    start: async (boss: PgBoss) => {
      await everyMinute(boss, calendar, whenUp);
      await atMidnight(boss, grantsAtMonth, grantSchedule, whenUp);
      await atMidnight(boss, remindersAtDay, reminderSchedule, whenUp);
    },
    /** A year of months may have been missed, and nobody waits for it. What fails is told, and comes again. */
    catchUp: () => void Promise.allSettled([whenUp()]),
    toTheEnd: () => run(() => true),
    idle: whenUp.idle,
  };
}

/** By the calendar in India, wherever the server stands. */
async function atMidnight(boss: PgBoss, queue: string, cron: string, run: () => Promise<void>): Promise<void> {
  await boss.createQueue(queue);
  await boss.schedule(queue, cron, {}, { tz: businessZone });
  await boss.work(queue, { pollingIntervalSeconds: 2 }, run);
}

async function everyMinute(boss: PgBoss, queue: string, run: () => Promise<void>): Promise<void> {
  await boss.createQueue(queue);
  await boss.schedule(queue, '* * * * *');
  await boss.work(queue, { pollingIntervalSeconds: 2 }, run);
}

interface SingleFlight {
  (): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** One run at a time; a call during a run causes one more run after it, and resolves with that. */
function singleFlight(work: () => Promise<void>): SingleFlight {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const call = (): Promise<void> => {
    if (running === null) {
      running = work().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= Promise.allSettled([running]).then(() => {
      next = null;
      return call();
    });
    return next;
  };
  return Object.assign(call, {
    idle: async () => {
      await Promise.allSettled([running, next]);
    },
  });
}
