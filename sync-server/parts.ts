// What the server's use cases are given: settings, database, time, chance, provider. Made once where the program starts.
import type { FastifyBaseLogger } from 'fastify';
import type { Clock, Random } from './clock.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import type { Printer } from './print/printer.ts';
import type { PaymentProvider } from './providers/port.ts';
import type { Changes } from './store/changes.ts';
import type { Database } from './store/database.ts';
import type { LedgerLanes } from './store/ledger-lanes.ts';
import type { Remembered } from './store/remembered.ts';
import type { Signer } from './store/signing-keys.ts';
import type { Verifier } from './store/verify.ts';

export interface Parts {
  readonly config: Config;
  /** How browsers and the provider reach this server, without a slash at the end. */
  readonly publicUrl: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly provider: PaymentProvider;
  readonly changes: Changes;
  readonly ledger: LedgerLanes;
  readonly remembered: Remembered;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly printer: Printer;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  /** Wakes the worker that applies webhooks, now (0) or in so many seconds; it wakes once a minute by itself. */
  readonly wakeInbox: (afterSeconds: number) => void;
}

/** What the use cases about orders and money at the provider need; the operator's command line has these too. */
export type OrderParts = Pick<
  Parts,
  'config' | 'publicUrl' | 'database' | 'clock' | 'random' | 'provider' | 'metrics' | 'log' | 'wakeInbox'
>;
