// Owns the list of what the routes are given: the parts of one sandbox, put together in sandbox.ts.

import type { Act } from './act.ts';
import type { Courier } from './courier.ts';
import type { Deliveries } from './deliveries.ts';
import type { Disputes } from './disputes.ts';
import type { Endpoint } from './endpoint.ts';
import type { Faults } from './faults.ts';
import type { Clock } from './ids.ts';
import type { Invoices } from './invoices.ts';
import type { Links } from './links.ts';
import type { Mandates } from './mandates.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Plans } from './plans.ts';
import type { Play } from './play.ts';
import type { Refunds } from './refunds.ts';
import type { Stripe } from './stripe/stripe.ts';
import type { TestTime } from './test-time.ts';

export interface SandboxParts {
  readonly keyId: string;
  readonly keySecret: string;
  readonly webhookUrl: string;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly deliveries: Deliveries;
  readonly disputes: Disputes;
  readonly plans: Plans;
  readonly invoices: Invoices;
  readonly mandates: Mandates;
  readonly links: Links;
  readonly endpoint: Endpoint;
  readonly courier: Courier;
  readonly play: Play;
  readonly act: Act;
  readonly stripe: Stripe;
  /** Absent where the clock cannot be moved. */
  readonly testTime?: TestTime;
}
