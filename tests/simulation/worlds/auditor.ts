// The auditor of the worlds: it compares what people did and saw with the server's rows, the provider's book and the counters' files,
// with sums and a hash chain of its own. Imports nothing of the programs that it audits, so that a mistake of theirs cannot be its
// own.
import type { Client } from 'pg';
import { type CounterFiles, type EntryRow, type OrgBooks, readCounter, readServer } from './auditor-books.ts';
import { continues, walk } from './auditor-chain.ts';
import type { WorldLog } from './auditor-log.ts';

export interface Finding {
  readonly seed: number;
  readonly what: string;
}

export interface WorldsAudit {
  readonly findings: readonly Finding[];
  readonly figures: Readonly<Record<string, number>>;
}

const creditsEach = 50_000;

export async function auditWorlds(client: Client, worlds: readonly WorldLog[]): Promise<WorldsAudit> {
  const booksOf = await readServer(client);
  const findings: Finding[] = [];
  const figures: Record<string, number> = {};
  const count = (what: string, by = 1) => {
    figures[what] = (figures[what] ?? 0) + by;
  };
  for (const world of worlds) {
    const say = (what: string) => void findings.push({ seed: world.seed, what });
    for (const what of world.quarrels) say(what);
    if (world.orgId === null) {
      say('nobody could sign up');
      continue;
    }
    const books = booksOf(world.orgId);
    const files = world.counters.map(({ folder }) => readCounter(folder));
    const at: At = { world, orgId: world.orgId, books, files, say, count };
    intents(at);
    sends(at);
    charges(at);
    ledger(at);
    mirrors(at);
    freshness(at);
  }
  return { findings, figures };
}

interface At {
  readonly world: WorldLog;
  readonly orgId: string;
  readonly books: OrgBooks;
  readonly files: readonly CounterFiles[];
  readonly say: (what: string) => void;
  readonly count: (what: string, by?: number) => void;
}

/** States in which nothing is left to do. A decision is the user's; a review is an operator's. */
const final = ['paid', 'cancelled', 'expired', 'refunded', 'rejected', 'under_review', 'needs_confirmation'];

/** Nothing that was said to be queued is lost, nothing became two, and everything has come to its end. */
function intents({ world, books, files, say, count }: At): void {
  const wanted = new Map(world.presses.map((press) => [press.intent, press]));
  const known = new Set<string>();
  for (const [pc, { items }] of files.entries()) {
    const { joined } = world.counters[pc] ?? { joined: false };
    const saved = new Set(items.map(({ intent }) => intent));
    for (const press of world.presses.filter((one) => one.pc === pc && one.id !== null)) {
      count('intents');
      if (!saved.has(press.intent)) say(`lost: ${press.intent} was said to be queued and is in no file`);
    }
    for (const item of items) {
      known.add(item.id);
      const press = wanted.get(item.intent);
      if (press === undefined || press.sku !== item.sku || press.quantity !== item.quantity) {
        say(`${item.id} is nobody's wish`);
        continue;
      }
      if (press.id !== null && press.id !== item.id) say(`${press.intent} was told as ${press.id} and is ${item.id}`);
      const row = books.purchases.get(item.id);
      if (joined && !final.includes(item.state)) say(`stuck: ${item.id} is ${item.state}, at the server ${row?.state}`);
      if (joined && row !== undefined && row.state !== item.state)
        say(`${item.id} is ${item.state} here and ${row.state} at the server`);
      if (joined && row === undefined && !['rejected', 'cancelled', 'needs_confirmation'].includes(item.state))
        say(`${item.id} is ${item.state} here and the server has none`);
      count(`items ${item.state}`);
      followed(item, { books, world, say, count });
    }
  }
  for (const id of books.purchases.keys()) {
    count('purchases');
    if (!known.has(id)) say(`doubled: the server has ${id}, which no counter asked for`);
  }
}

/** Whoever came second is told of the first one, and by whom. */
function followed(
  item: CounterFiles['items'][number],
  { books, say, count }: Pick<At, 'books' | 'world' | 'say' | 'count'>,
): void {
  if (item.state !== 'rejected') return;
  const detail = JSON.parse(item.detail) as { reason: string; followsId: string | null; followsDevice: string | null };
  count(`rejected ${detail.reason}`);
  if (detail.reason !== 'purchase_in_progress') return;
  const first = books.purchases.get(detail.followsId ?? '');
  if (first === undefined) {
    say(`${item.id} follows ${detail.followsId}, which nobody has`);
    return;
  }
  if (first.sku !== item.sku) say(`${item.id} follows another kind of purchase`);
  if (first.deviceName !== detail.followsDevice)
    say(`${item.id} was told that ${detail.followsDevice} was first, and it was ${first.deviceName}`);
  count('told by whom');
}

/** One key for one purchase, on the disk before it leaves, and nothing from a counter that was shut out. */
function sends({ world, say, count }: At): void {
  const keys = new Map<string, string>();
  for (const { id, key, onDisk, revoked } of world.sent) {
    count('sends');
    if (keys.has(id)) count('resends');
    if ((keys.get(id) ?? key) !== key) say(`${id} was sent under two keys`);
    keys.set(id, key);
    if (onDisk === null) say(`${id} left the counter before its file said so`);
    if (revoked) say(`${id} was sent by a counter that was shut out`);
  }
}

/** What was paid at the provider is what was sold, each once; what goes back went back. */
function charges({ world, books, say, count }: At): void {
  const orders = Map.groupBy(world.orders, ({ purchaseId }) => purchaseId);
  for (const [purchase, made] of orders) {
    if (made.length > 1) say(`${purchase} has ${made.length} orders at the provider`);
    if (!books.purchases.has(purchase)) say(`the provider has an order of ${purchase}, which the server has not`);
  }
  for (const row of books.purchases.values()) {
    const paid = (orders.get(row.id) ?? []).flatMap(({ payments }) => payments);
    const settled = books.payments.filter(({ purchase, effect }) => purchase === row.id && effect === 'settled');
    const entries = books.entries.filter(({ kind, reference }) => kind === 'topup' && reference === row.id);
    const invoices = books.invoices.filter(({ purchase, kind }) => purchase === row.id && kind === 'invoice');
    count('charges', settled.length);
    if (paid.length > 1) say(`${row.id} was charged ${paid.length} times`);
    if (paid.length > books.payments.filter(({ purchase }) => purchase === row.id).length)
      say(`${row.id}: money came that the server does not know`);
    if (settled.length > 1 || invoices.length !== settled.length)
      say(`${row.id}: ${settled.length} settled payments, ${invoices.length} invoices`);
    if (settled.some(({ amount }) => amount !== row.amount)) say(`${row.id} was settled for another amount`);
    const worth = row.sku === 'topup.50k' ? settled.length * row.quantity * creditsEach : 0;
    const given = entries.reduce((sum, { delta }) => sum + delta, 0);
    if (given !== worth || entries.length > 1)
      say(`${row.id} gave ${given} credits in ${entries.length} entries, not ${worth}`);
    if (row.state === 'paid' && settled.length === 0) say(`${row.id} is paid and there is no money`);
    if (settled.length === 1 && !['paid', 'refunded'].includes(row.state))
      say(`${row.id} has its money and is ${row.state}`);
    const back = paid.reduce((sum, one) => sum + one.refunded, 0);
    const sentBack = books.payments
      .filter(({ purchase }) => purchase === row.id)
      .reduce((sum, one) => sum + one.refunded, 0);
    if (back !== sentBack) say(`${row.id}: the provider sent ${back} paise back, the books say ${sentBack}`);
  }
  oneOfEach({ books, say });
}

/** One plan that stands; one renewal for a year. */
function oneOfEach({ books, say }: Pick<At, 'books' | 'say'>): void {
  const standing = [...books.purchases.values()].filter(
    ({ state }) => state === 'paid' || state === 'awaiting_payment',
  );
  const plans = standing.filter(({ sku }) => sku === 'plan.pharmapulse-one');
  if (plans.length > 1) say(`${plans.length} plans stand`);
  for (const [due, of] of Map.groupBy(
    standing.filter(({ sku }) => sku === 'renewal.year'),
    ({ renewalDue }) => renewalDue,
  ))
    if (of.length > 1) say(`${of.length} renewals stand for ${due}`);
}

/** The server's own chain: gap-free, sums right, hashes right; the cache is its fold. */
function ledger({ orgId, books, say, count }: At): void {
  const end = walk(orgId, books.entries, (what) => say(`the server: ${what}`));
  count('entries', books.entries.length);
  const { cache } = books;
  if (cache === undefined || cache.balance !== end.balance || cache.seq !== end.seq || cache.held !== 0)
    say(`the cache says ${JSON.stringify(cache)}, the entries ${end.balance} at ${end.seq}`);
}

/** Every counter that may hear holds exactly what the server holds. */
function mirrors(at: At): void {
  const { world, books, files, say, count } = at;
  for (const [pc, { entries, purchases, documents, position, past, sound }] of files.entries()) {
    const { joined = false, spoiled = false, name = '' } = world.counters[pc] ?? {};
    for (const verdict of sound) if (verdict !== 'ok') say(`${name}: a file is not sound: ${verdict}`);
    // What the disk did to one that was shut out, no server mends.
    if (joined || !spoiled) continues(at.orgId, { entries, past }, books.entries, (what) => say(`${name}: ${what}`));
    if (!joined) {
      count('counters shut out');
      continue;
    }
    count('counters');
    if (
      JSON.stringify(entries) !==
      JSON.stringify(books.entries.map(({ org: _, ...row }: EntryRow & { org?: string }) => row))
    )
      say(`${name} holds ${entries.length} entries that are not the server's ${books.entries.length}`);
    const head = books.entries.at(-1);
    if (
      position?.seq !== (head?.seq ?? 0) ||
      position?.balance !== (head?.balance ?? 0) ||
      position.verifiedAt === null
    )
      say(`${name} stands at ${JSON.stringify(position)}, the server at ${head?.seq}`);
    const held = new Map(
      purchases.map(({ id, body }) => [id, JSON.parse(body) as { state: string; quantity: number; sku: string }]),
    );
    for (const row of books.purchases.values()) {
      const copy = held.get(row.id);
      if (copy?.state !== row.state || copy.sku !== row.sku || copy.quantity !== row.quantity)
        say(`${name} holds ${row.id} as ${copy?.state}, the server as ${row.state}; verified ${position?.verifiedAt}`);
    }
    if (held.size !== books.purchases.size)
      say(`${name} holds ${held.size} purchases, the server ${books.purchases.size}`);
    const missing = books.invoices.filter(({ id }) => !documents.includes(id));
    if (missing.length > 0 || documents.length !== books.invoices.length)
      say(
        `${name} holds ${documents.length} documents, the server ${books.invoices.length}; verified ${position?.verifiedAt}`,
      );
  }
}

/** Under way between server and counter for so long at most, before nobody waits for it any more. */
const patienceSeconds = 25;

/** No screen ever said that it knew more than it did: what was verified at a time had everything that was there at that time. */
function freshness({ world, books, say, count }: At): void {
  for (const { pc, at, connection, problem, verifiedAt, ageSeconds, seq, balance } of world.looks) {
    count('looks');
    if (connection === 'online') count('looks online');
    const shown = seq === 0 ? 0 : books.entries[seq - 1]?.balance;
    if (shown !== balance) say(`counter ${pc} showed ${balance} credits at entry ${seq}, where there were ${shown}`);
    if (verifiedAt === null) {
      if (seq === 0) say(`counter ${pc} showed that there are no credits and had verified nothing`);
      // Rows that the disk lost are not mended by a contact whose answers were altered; that is said as a problem.
      if (connection === 'online' && problem !== 'ledger_mismatch')
        say(`counter ${pc} said online and had verified nothing`);
      continue;
    }
    const verified = Date.parse(verifiedAt);
    if (verified > at) say(`counter ${pc} said at ${new Date(at).toISOString()} that it was verified at ${verifiedAt}`);
    const there = world.heads.filter((head) => head.at < verified).at(-1)?.seq ?? 0;
    if (seq < there) say(`counter ${pc} said verified at ${verifiedAt} with entry ${seq}, when there were ${there}`);
    if (ageSeconds !== null && ageSeconds < Math.floor((at - verified) / 1000) - patienceSeconds)
      say(`counter ${pc} said its data is ${ageSeconds} s old, and it was ${(at - verified) / 1000}`);
  }
}
