// The bridge between renderer and main: a closed list of calls with the shape of what goes in and what comes out. Both ends parse
// both ways; frames.ts has how it travels, and what main says unasked.
import { z } from 'zod';
import { instant } from '../ledger/entry.ts';
import { sku } from '../plan/catalogue.ts';
import { counterName, device, deviceList, joinCodeAnswer, signUpRequest } from './devices.ts';
import {
  documentFilter,
  documentPage,
  documentView,
  exportedFile,
  exportPeriod,
  handedFile,
} from './document-views.ts';
import { deviceId, documentId, purchaseId } from './ids.ts';
import { ledgerChoices, ledgerExport, ledgerFilter, ledgerWindow } from './ledger-views.ts';
import { noticeView, toldNotice } from './notice-views.ts';
import { openingCalls } from './opening-calls.ts';
import { overviewView, sessionView } from './overview-view.ts';
import { profile, profileRequest } from './profile.ts';
import { purchaseView } from './purchase-view.ts';
import { settingsView, settingsWish } from './settings.ts';
import { usagePeriod, usageView } from './usage-views.ts';

const nothing = z.strictObject({});
const oneDocument = z.strictObject({ id: documentId });

/** Each call, the shape of its input and of its answer. An input with a field that the call does not have is refused. */
export const calls = {
  ...openingCalls,
  /** New pharmacy on this counter. Needs the server. */
  'session.signUp': { input: signUpRequest.strict(), output: sessionView },
  /** Joins an existing pharmacy with a code from another counter. Needs the server. */
  'session.join': {
    input: z.strictObject({ code: z.string().max(20), deviceName: counterName }),
    output: sessionView,
  },
  /** Newest first, the waiting ones before all others. */
  'purchases.list': {
    input: z.strictObject({ limit: z.int().min(1).max(500), offset: z.int().min(0) }),
    output: z.object({ items: z.array(purchaseView), total: z.int().min(0) }),
  },
  /**
   * Queues a purchase: answered when it is on disk, not when it is sent. expectedAmountPaise is what the user was shown.
   * The renderer makes `intent` once per press of a button, so that a call sent twice queues one purchase.
   */
  'purchases.queue': {
    input: z.strictObject({
      intent: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
      sku,
      quantity: z.int().min(1).max(20),
      expectedAmountPaise: z.int().min(1),
    }),
    output: purchaseView,
  },
  /** Cancels one that is queued (at once, on this PC) or unpaid (at the server). */
  'purchases.cancel': { input: z.strictObject({ id: purchaseId }), output: purchaseView },
  /** Agrees to the new price of one in `needs_confirmation`; it is queued again with that price. */
  'purchases.confirmPrice': {
    input: z.strictObject({ id: purchaseId, amountPaise: z.int().min(1) }),
    output: purchaseView,
  },
  /** Opens the pay page in the system browser; opened is false where there is none to open (show url as QR then). */
  'purchases.pay': {
    input: z.strictObject({ id: purchaseId }),
    output: z.object({ url: z.string(), opened: z.boolean() }),
  },
  /** A window of the rows that fit, from row `first` on (null: the newest); see ledger-views.ts. Never refused. */
  'ledger.window': {
    input: z.strictObject({ filter: ledgerFilter, first: z.int().min(1).nullable(), count: z.int().min(1).max(200) }),
    output: ledgerWindow,
  },
  /** Kinds, features and counters to narrow the ledger by. Never refused. */
  'ledger.choices': { input: nothing, output: ledgerChoices },
  /** All rows that fit as CSV, newest first. */
  'ledger.export': { input: z.strictObject({ filter: ledgerFilter }), output: ledgerExport },
  /** What credits were used for, from what this PC holds. Never refused. */
  'usage.get': { input: z.strictObject({ period: usagePeriod }), output: usageView },
  /** A code with which another counter joins. Needs the server. */
  'devices.joinCode': { input: nothing, output: joinCodeAnswer },
  /**
   * Counters of this pharmacy, as the server lists them now (asOf null), or as it listed them last where it does not answer or
   * this counter was removed. Refused where it never did.
   */
  'devices.list': { input: nothing, output: deviceList.extend({ asOf: instant.nullable() }) },
  /** Gives a counter another name. Needs the server. */
  'devices.rename': { input: z.strictObject({ id: deviceId, name: counterName }), output: device },
  /** Takes a counter out of the pharmacy, this one too; it keeps what it holds and sends nothing more. Needs the server. */
  'devices.revoke': { input: z.strictObject({ id: deviceId }), output: nothing },
  /** What the user is to be told and was not yet. Never refused. */
  'notices.list': { input: nothing, output: z.object({ items: z.array(noticeView) }) },
  /**
   * Tells one now, in these words: kept on disk, then shown by the operating system where it can. first is false when it was
   * told before, or is no news any more; then it is not to be shown.
   */
  'notices.tell': {
    input: z.strictObject({ key: z.string().max(200), title: z.string().min(1).max(120), body: z.string().max(400) }),
    output: z.object({ first: z.boolean() }),
  },
  'settings.save': { input: settingsWish, output: settingsView },
  /** What was told, newest first, and how much of it nobody has looked at. Never refused. */
  'notices.told': {
    input: z.strictObject({ limit: z.int().min(1).max(300) }),
    output: z.object({ items: z.array(toldNotice), unread: z.int().min(0) }),
  },
  /** The user has looked at those up to a number. */
  'notices.read': { input: z.strictObject({ upTo: z.int().min(1) }), output: z.object({ unread: z.int().min(0) }) },
  /** Below how many available credits the user is told that they run low; 0 for never. */
  'settings.lowCredits': { input: z.strictObject({ below: z.int().min(0).max(1_000_000_000) }), output: overviewView },
  /** Invoices and credit notes that this PC holds, newest first. Never refused. */
  'documents.list': {
    input: documentFilter.extend({ limit: z.int().min(1).max(500), offset: z.int().min(0) }),
    output: documentPage,
  },
  /** One of them; one that is not held yet is asked of the server. */
  'documents.get': { input: oneDocument, output: documentView },
  /** Its PDF, to a place that the user chooses. Without a network only where the PDF is held. */
  'documents.save': { input: oneDocument, output: handedFile },
  /** Its PDF, to the PC's program for PDFs, which shows and prints it. */
  'documents.print': { input: oneDocument, output: handedFile },
  /** The register of a period as CSV: the server's, or this PC's own where the server is away and all documents are held. */
  'documents.export': { input: exportPeriod, output: exportedFile },
  /** Who stands on the next invoice. Needs the server. */
  'profile.get': { input: nothing, output: profile },
  /** Changes that, from the next invoice on. Needs the server. */
  'profile.save': { input: profileRequest.strict(), output: profile },
  /** What support needs to see of this counter, as a file; without a token and without personal data. */
  'diagnostics.export': { input: nothing, output: handedFile },
  /**
   * Pulls and sends now. Answered when that is done, well or not. Where the server asked to wait nothing is sent, and the answer is
   * there at once: `sync.waitUntil` says until when.
   */
  'sync.now': { input: nothing, output: overviewView },
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
export const callName = z.enum(Object.keys(calls) as [CallName, ...CallName[]]);

export const callFrame = z.object({ id: z.int().min(1), call: callName, input: z.unknown() });
export type CallFrame = z.infer<typeof callFrame>;
