// What a life is asked to be.
export interface LifeOptions {
  /** A database of its own, empty. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly seed: number;
  readonly orgs: number;
  readonly months: number;
  /** Steps are so many times as long; 1 is a run of about as many steps as days. */
  readonly pace: number;
  /** Times a year in which both servers are away. */
  readonly outages: number;
  /** Of 1 month's beginnings, so many with a kill. */
  readonly kills: number;
  /** Whether both servers are away for 400 days in between. */
  readonly longOutage: boolean;
  readonly say: (line: string) => void;
}
