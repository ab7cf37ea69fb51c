// The counter's command line as words: which command with which arguments, or what is wrong with it. Pure.
import { idempotencyKey, purchaseId } from '../../../shared/contract/ids.ts';
import { mostPacks, type Sku } from '../../../shared/plan/catalogue.ts';

export type Command =
  | { readonly name: 'status' }
  | { readonly name: 'sync' }
  /** key: the caller's own name for this press, so that a script that repeats itself buys once; null: a press of its own. */
  | { readonly name: 'queue'; readonly sku: Sku; readonly quantity: number; readonly key: string | null }
  | { readonly name: 'queue list' }
  | { readonly name: 'queue cancel'; readonly id: string }
  /** file: null for a name in the folder from which it is called. */
  | { readonly name: 'export-diagnostics'; readonly file: string | null };

export type Read =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly fault: string }
  | 'help';

export const usage = `usage: npm run counter -- COMMAND [--data DIR] [--server URL] [--json]
  status                     org, data and its age, credits, what waits; reads the files alone, so it works beside a running counter
  sync                       contacts the server once: pulls, sends what waits, and says what it came to
  queue topup N              queues N packs of credits (1 to ${mostPacks}); done when it is on the disk, sent by the next contact
  queue plan                 queues the plan
  queue renewal              queues a renewal for the next service year
    --key KEY                for these three, 1 to 64 letters, digits, - and _: a name for this press. The same KEY again on the same
                             folder answers with the purchase that stands and buys nothing; without it each call is a press of its own
  queue list                 this counter's purchases, newest first; works beside a running counter
  queue cancel ID            cancels one: at once if it was never sent, else as soon as the server can be asked
  export-diagnostics [FILE]  writes what support needs, without token, secrets or personal data; works beside a running counter

Without a command the counter itself starts. Exit: 0 done, 1 no contact with the server, 2 refused or not possible, 64 wrong
arguments, 75 another counter is running on the data folder.`;

const wrong = (fault: string): Read => ({ ok: false, fault });

const simple = ['status', 'sync'] as const;

/** Whether a command was meant, also where its options cannot be read. */
export const meansCommand = (args: readonly string[]): boolean =>
  args.some((word) => [...simple, 'queue', 'export-diagnostics'].includes(word));

/** key: what `--key` said; null where it was not given. */
export function readWords(words: readonly string[], key: string | null = null): Read {
  const [name = '', ...rest] = words;
  if (name === 'help') return 'help';
  if (name === 'queue') return readQueue(rest, key);
  if (key !== null) return keyElsewhere;
  if (name === 'export-diagnostics') {
    return rest.length > 1
      ? wrong('export-diagnostics takes one file')
      : { ok: true, command: { name, file: rest[0] ?? null } };
  }
  const found = simple.find((one) => one === name);
  if (found === undefined) return wrong(`there is no command "${name}"`);
  return rest.length > 0 ? wrong(`${found} takes nothing more`) : { ok: true, command: { name: found } };
}

const keyElsewhere = wrong('--key belongs to queue topup, queue plan and queue renewal');

function readQueue([what = '', ...rest]: readonly string[], key: string | null): Read {
  const [first] = rest;
  if (key !== null && (what === 'list' || what === 'cancel')) return keyElsewhere;
  if (key !== null && !idempotencyKey.safeParse(key).success) {
    return wrong('--key needs 1 to 64 letters, digits, hyphens and underscores');
  }
  if (rest.length > 1) return wrong(`queue ${what} takes no more than one thing`);
  switch (what) {
    case 'topup': {
      const quantity = /^\d{1,3}$/.test(first ?? '') ? Number(first) : 0;
      if (quantity < 1 || quantity > mostPacks) return wrong(`queue topup needs a number of packs, 1 to ${mostPacks}`);
      return { ok: true, command: { name: 'queue', sku: 'topup.50k', quantity, key } };
    }
    case 'plan':
    case 'renewal': {
      if (first !== undefined) return wrong(`queue ${what} takes nothing more`);
      const sku = what === 'plan' ? 'plan.pharmapulse-one' : 'renewal.year';
      return { ok: true, command: { name: 'queue', sku, quantity: 1, key } };
    }
    case 'list':
      return first === undefined
        ? { ok: true, command: { name: 'queue list' } }
        : wrong('queue list takes nothing more');
    case 'cancel':
      return purchaseId.safeParse(first).success
        ? { ok: true, command: { name: 'queue cancel', id: first ?? '' } }
        : wrong('queue cancel needs the id of a purchase, as queue list shows it');
    default:
      return wrong('queue needs topup, plan, renewal, list or cancel');
  }
}
