// Does one command. What only reads is read from beside; what changes something is done by the counter's own core, which takes the
// folder for as long as it needs.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { catalogue } from '../../../shared/plan/catalogue.ts';
import { CannotStart } from '../../cannot-start.ts';
import { type CounterParts, createCounter } from '../../counter.ts';
import { collectDiagnostics } from './diagnostics.ts';
import { isInUse, orUnreadable } from './folder.ts';
import { itemLines, purchaseLine, refusalLine, statusLines } from './print.ts';
import { hasIntent, reportItems, reportStatus, withFiles, withOutbox } from './report.ts';
import { type Talk, talkTo } from './talk.ts';
import type { Command } from './words.ts';

export const exits = { done: 0, noContact: 1, refused: 2, usage: 64, inUse: 75 } as const;

/** data: for --json. lines: for people. */
export interface Outcome {
  readonly exit: number;
  readonly data: unknown;
  readonly lines: readonly string[];
}

export async function runCommand(command: Command, parts: CounterParts): Promise<Outcome> {
  const { dataDir } = parts;
  switch (command.name) {
    case 'status':
      return fromBeside(() => {
        const data = { ...withFiles(dataDir, reportStatus), running: isInUse(dataDir) };
        return { exit: exits.done, data, lines: statusLines(data, data.running) };
      });
    case 'queue list':
      return fromBeside(() => {
        const items = withOutbox(dataDir, reportItems);
        return { exit: exits.done, data: { items }, lines: itemLines(items) };
      });
    case 'export-diagnostics':
      return exportDiagnostics(command.file, parts);
    case 'sync':
      return withCounter(parts, syncOnce);
    case 'queue':
      return withCounter(parts, (talk) => queue(talk, command, parts));
    case 'queue cancel':
      return withCounter(parts, (talk) => cancel(talk, command.id));
  }
}

/** Where a file cannot be read that is said, in place of what it would show if it were empty. */
function fromBeside(read: () => Outcome): Outcome {
  const outcome = orUnreadable(read);
  if (!('unreadable' in outcome)) return outcome;
  return { exit: exits.refused, data: { error: 'unreadable' }, lines: [outcome.unreadable] };
}

async function withCounter(parts: CounterParts, act: (talk: Talk) => Promise<Outcome>): Promise<Outcome> {
  try {
    const counter = createCounter(parts);
    try {
      await counter.start();
      return await act(talkTo(counter));
    } finally {
      await counter.stop();
    }
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    const exit = error.code === 'in_use' ? exits.inUse : exits.refused;
    return { exit, data: { error: error.code }, lines: [error.message] };
  }
}

async function syncOnce(talk: Talk): Promise<Outcome> {
  const done = await talk.call('sync.now', {});
  if (!done.ok) return refused(done.error);
  const { session, sync, credits, waiting } = done.value;
  const data = { session: session.state, ...sync, seq: credits?.seq ?? 0, waiting };
  if (session.state === 'none')
    return { exit: exits.refused, data, lines: ['nobody has signed up on this data folder'] };
  if (sync.connection === 'online') {
    const lines = [`in contact: data checked ${sync.verifiedAt}, ${data.seq} entries, ${waiting} waiting`];
    return { exit: exits.done, data, lines: sync.problem === null ? lines : [...lines, `problem: ${sync.problem}`] };
  }
  if (sync.connection === 'refused') {
    const lines = ['the server does not take this counter (any more); it can join again with a code'];
    return { exit: exits.refused, data, lines };
  }
  if (sync.waitUntil != null) {
    const lines = [
      `the server asked to wait until ${sync.waitUntil} (${sync.problem}); nothing was sent, ${waiting} waiting`,
    ];
    return { exit: exits.noContact, data, lines };
  }
  const since = sync.verifiedAt === null ? 'nothing was checked yet' : `data is from ${sync.verifiedAt}`;
  return { exit: exits.noContact, data, lines: [`no contact (${sync.problem}); ${since}, ${waiting} waiting`] };
}

/**
 * The press that a key names. Hashed, as a key may be shorter than an intent and the prefix makes it longer; the prefix keeps it apart
 * from the presses of a screen, which make their own names.
 */
const intentOf = (key: string) => `cli-key-${createHash('sha256').update(key, 'utf8').digest('base64url')}`;

async function queue(
  talk: Talk,
  { sku, quantity, key }: Extract<Command, { name: 'queue' }>,
  { dataDir, ids }: CounterParts,
): Promise<Outcome> {
  const intent = key === null ? `cli-${ids.key()}`.slice(0, 64) : intentOf(key);
  const overview = await talk.call('overview.get', {});
  if (!overview.ok) return refused(overview.error);
  // A press that was made already is answered with its purchase, also where that is the plan which is owned by now.
  const isOwned = sku === 'plan.pharmapulse-one' && overview.value.plan?.owned === true;
  if (isOwned && !withOutbox(dataDir, (outbox) => hasIntent(outbox, intent))) {
    return refused({ code: 'plan_already_owned', retryable: false });
  }
  // What a screen would show; before the first contact the price list that came with the app.
  const each = overview.value.prices?.[sku]?.amountPaise ?? catalogue[sku].listPricePaise;
  const queued = await talk.call('purchases.queue', {
    ...{ intent, sku, quantity },
    expectedAmountPaise: each * quantity,
  });
  if (!queued.ok) return refused(queued.error);
  // The same key for something else: answering "done" would claim a purchase that nobody made.
  if (queued.value.sku !== sku || queued.value.quantity !== quantity) {
    const data = { error: { code: 'idempotency_key_reused', retryable: false }, purchase: queued.value };
    const line = `refused: --key ${key} stands for another purchase (${purchaseLine(queued.value)})`;
    return { exit: exits.refused, data, lines: [line] };
  }
  return { exit: exits.done, data: queued.value, lines: [purchaseLine(queued.value)] };
}

async function cancel(talk: Talk, id: string): Promise<Outcome> {
  const cancelled = await talk.call('purchases.cancel', { id });
  if (!cancelled.ok) return refused(cancelled.error);
  const { cancelling } = cancelled.value;
  const line = purchaseLine(cancelled.value) + (cancelling === true ? ' (is cancelled at the next contact)' : '');
  return { exit: exits.done, data: cancelled.value, lines: [line] };
}

function refused(error: { readonly code: string; readonly retryable: boolean }): Outcome {
  const exit = error.code === 'offline' ? exits.noContact : exits.refused;
  return { exit, data: { error }, lines: [refusalLine(error.code)] };
}

function exportDiagnostics(file: string | null, { dataDir, serverUrl, appVersion, clock }: CounterParts): Outcome {
  const now = clock.now();
  const path = resolve(file ?? `pharmapulse-diagnostics-${now.toISOString().slice(0, 19).replaceAll(':', '')}.json`);
  writeFileSync(path, `${JSON.stringify(collectDiagnostics({ dataDir, serverUrl, appVersion, now }), null, 2)}\n`);
  return { exit: exits.done, data: { file: path }, lines: [`written: ${path}`] };
}
