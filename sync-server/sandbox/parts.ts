// Owns the list of what the routes are given: the parts of one sandbox, put together in sandbox.ts.

import type { Courier } from './courier.ts';
import type { Deliveries } from './deliveries.ts';
import type { Faults } from './faults.ts';
import type { Clock } from './ids.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Play } from './play.ts';
import type { Refunds } from './refunds.ts';

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
  readonly courier: Courier;
  readonly play: Play;
}
