// A counter as a program that is told what to do line by line, with the machine's own clock, files and network: what is killed by
// kill.ts. `host.ts DATA_DIR SERVER_URL`. Says, one JSON line each: {started, items} when it has opened its files, {queued, id} when a
// purchase is on the disk, {failed} when a call was refused.
import { createInterface } from 'node:readline';
import { createCounter } from '../../../main/counter.ts';
import { keyFileSecrets } from '../../../main/hosts/browser/key-file.ts';
import { talkTo } from '../../../main/hosts/cli/talk.ts';
import { keyBytes, thisMachine } from '../../../main/hosts/machine.ts';

const [dataDir = '', serverUrl = ''] = process.argv.slice(2);
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

const counter = createCounter({
  ...thisMachine(),
  dataDir,
  serverUrl,
  appVersion: '0.1.0',
  secrets: keyFileSecrets(dataDir, keyBytes),
  openExternal: async () => false,
  files: { save: async () => ({ kind: 'saved' }), open: async () => ({ kind: 'opened' }) },
  log: () => undefined,
});
await counter.start();
const { call } = talkTo(counter);

async function items(): Promise<readonly { id: string; state: string }[]> {
  const list = await call('purchases.list', { limit: 500, offset: 0 });
  if (!list.ok) throw new Error(list.error.code);
  return list.value.items.filter(({ mine }) => mine).map(({ id, state }) => ({ id, state }));
}

const verbs: Readonly<Record<string, (word: string) => Promise<void>>> = {
  async signup(name) {
    const input = {
      legalName: name,
      address: '12 MG Road, Pune',
      stateCode: '27',
      pin: '411001',
      deviceName: 'Counter',
    } as const;
    const done = await call('session.signUp', input);
    say(done.ok ? { signedUp: done.value.orgId } : { failed: done.error.code });
  },
  async plan(intent) {
    await queue({ intent, sku: 'plan.pharmapulse-one', quantity: 1, expectedAmountPaise: 1_500_000 });
  },
  async topup(intent) {
    await queue({ intent, sku: 'topup.50k', quantity: 1, expectedAmountPaise: 250_000 });
  },
  async sync() {
    const done = await call('sync.now', {});
    say(
      done.ok
        ? { synced: done.value.sync.connection, plan: done.value.plan?.owned ?? false }
        : { failed: done.error.code },
    );
  },
  async list() {
    say({ items: await items() });
  },
  async stop() {
    await counter.stop();
    process.exit(0);
  },
};

async function queue(wish: Parameters<typeof call<'purchases.queue'>>[1]): Promise<void> {
  const done = await call('purchases.queue', wish);
  say(done.ok ? { queued: wish.intent, id: done.value.id } : { failed: done.error.code });
}

say({ started: true, items: await items() });
createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb = '', word = ''] = line.split(' ');
  void verbs[verb]?.(word);
});
