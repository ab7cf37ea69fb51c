// What the simulation tells the auditor: what was done to the servers and asked of them, and what the provider holds. Instants
// are milliseconds since 1970 on the test clock. Imports nothing.
export interface LoggedPayment {
  readonly id: string;
  readonly amount: number;
  readonly capturedAt: number;
  readonly refunds: readonly { readonly id: string; readonly amount: number; readonly at: number }[];
}

export interface LoggedOrder {
  readonly id: string;
  readonly receipt: string;
  readonly amount: number;
  /** Captured ones alone. */
  readonly payments: readonly LoggedPayment[];
}

/** A purchase that a counter was answered. */
export interface LoggedPurchase {
  readonly org: string;
  readonly id: string;
  readonly sku: 'plan.pharmapulse-one' | 'renewal.year' | 'topup.50k';
  readonly packs: number;
  readonly askedAt: number;
  readonly order: string | null;
}

export interface LoggedSpend {
  readonly org: string;
  readonly amount: number;
  readonly feature: string;
  readonly key: string;
  /** As it was answered. */
  readonly seq: number;
  readonly balance: number;
}

/** Money that was to go back by an operator's word; the wish was answered by 202. */
export interface LoggedWish {
  readonly org: string;
  readonly purchase: string;
  readonly amount: number;
  readonly at: number;
}

/** What a counter was answered for its status. */
export interface LoggedSample {
  readonly org: string;
  readonly at: number;
  readonly plan: string | null;
  readonly status: string;
  readonly nextDue: string | null;
  readonly daysLeft: number | null;
  readonly features: Readonly<Record<string, boolean>>;
  readonly balance: number;
  readonly held: number;
  readonly available: number;
  /** Kinds, in the order in which they were told. */
  readonly reminders: readonly string[];
}

export interface LifeLog {
  readonly orgs: readonly { readonly org: string; readonly signedUpAt: number }[];
  readonly purchases: readonly LoggedPurchase[];
  readonly spends: readonly LoggedSpend[];
  readonly wishes: readonly LoggedWish[];
  readonly samples: readonly LoggedSample[];
  /** Times to which a server was set and answered that everything due then was done; ascending. */
  readonly runs: readonly number[];
  /** When a webhook about a payment was answered by 200, for the first time. */
  readonly heard: ReadonlyMap<string, number>;
  readonly orders: readonly LoggedOrder[];
}
