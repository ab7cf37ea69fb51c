// What the auditor is told of a world: plain facts of whoever stood beside it. Imports nothing.
export interface WorldLog {
  readonly seed: number;
  readonly orgId: string | null;
  readonly presses: readonly {
    readonly pc: number;
    readonly intent: string;
    readonly sku: string;
    readonly quantity: number;
    readonly paise: number;
    /** Null where nobody was told that it is queued. */
    readonly id: string | null;
  }[];
  readonly sent: readonly {
    readonly pc: number;
    readonly id: string;
    readonly key: string;
    readonly onDisk: string | null;
    readonly revoked: boolean;
  }[];
  readonly looks: readonly {
    readonly pc: number;
    /** The server's time, in milliseconds. */
    readonly at: number;
    readonly connection: string;
    readonly problem: string | null;
    readonly verifiedAt: string | null;
    readonly ageSeconds: number | null;
    readonly seq: number;
    readonly balance: number;
  }[];
  /** Where its ledger ended at which time of the server, as seen when nothing was under way. */
  readonly heads: readonly { readonly at: number; readonly seq: number }[];
  readonly quarrels: readonly string[];
  readonly cancelled: readonly string[];
  readonly counters: readonly {
    readonly folder: string;
    readonly name: string;
    /** It has a token that the server takes. */
    readonly joined: boolean;
    /** Its disk did something to the mirror. */
    readonly spoiled: boolean;
  }[];
  readonly orders: readonly {
    readonly id: string;
    readonly amount: number;
    readonly purchaseId: string;
    /** Those that were captured. */
    readonly payments: readonly { readonly id: string; readonly amount: number; readonly refunded: number }[];
  }[];
}
