// Everything that the counter's core needs from the machine it runs on. Hosts hand these in; tests play them. The core
// reads no clock, makes no random number and opens no connection in any other way.
import type { HandedFile } from '../shared/contract/document-views.ts';

/** The PC's wall clock. It may be wrong by years, and nothing that matters may depend on it. */
export interface Clock {
  readonly now: () => Date;
}

/** Milliseconds since some fixed point, never going back; it should go on while the PC is suspended. */
export type Monotonic = () => number;

/** A number in [0, 1). */
export type Random = () => number;

/** purchase: a new `pur_…` id. key: 8 to 64 of `A-Za-z0-9_-`, for `Idempotency-Key`. Both must never repeat. */
export interface Ids {
  readonly purchase: () => string;
  readonly key: () => string;
}

export interface Timer {
  readonly cancel: () => void;
}
export interface Timers {
  readonly after: (ms: number, run: () => void) => Timer;
}

export interface FetchRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirect is never followed: it would carry the token to wherever a captive portal points. */
  readonly redirect: 'manual';
}
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}
/** As the platform's own `fetch`; rejects when there is no answer. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;

/** Keeps the device token unreadable at rest. Both reject when the key is gone; that must never stop the counter. */
export interface SecretStore {
  readonly encrypt: (plain: string) => Promise<Uint8Array>;
  readonly decrypt: (sealed: Uint8Array) => Promise<string>;
}

/** Opens a web page outside the app; false when there is nothing to open it with. */
export type OpenExternal = (url: string) => Promise<boolean>;

/**
 * A file on its way out of the app. name: letters, digits, hyphens and one point; what it is saved as, or proposed as, and never
 * a place. Places are chosen by the user in the host's own dialog, not by the page.
 */
export interface OutgoingFile {
  readonly name: string;
  readonly type: 'application/pdf' | 'text/csv; charset=utf-8' | 'application/json';
  readonly bytes: Uint8Array;
}

/** Where files go that leave the app. Both throw `Refused` (`file_failed`) when the machine cannot. */
export interface FileDesk {
  /** To a place that the user chooses. */
  readonly save: (file: OutgoingFile) => Promise<HandedFile>;
  /** To the PC's own program for such files, which shows and prints them. */
  readonly open: (file: OutgoingFile) => Promise<HandedFile>;
}

/** What the user's desktop does for the counter. Handed in by a host that has one; a browser has none. */
export interface Desktop {
  readonly showsNotices: () => boolean;
  /** Null where this machine cannot start the counter by itself. */
  readonly startsWithPc: () => boolean | null;
  readonly startWithPc: (on: boolean) => void;
}

export type LogLevel = 'info' | 'warn' | 'error';
/** One line for whoever supports the counter. Never a token, never a body. */
export type Log = (level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>) => void;
