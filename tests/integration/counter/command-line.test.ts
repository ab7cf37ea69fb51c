// The counter's command line against a live server: what it queues, sends and refuses, what it says of it, and that a script that
// repeats itself buys once.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { exits } from '../../../main/hosts/cli/run.ts';
import { readWords } from '../../../main/hosts/cli/words.ts';
import { Program } from '../../e2e/program.ts';
import { tempFolder } from '../../fakes/played-stage.ts';
import { type Started, started } from '../server/started.ts';
import { creditsAtServer, dataOf, losingAnswers, noServer, pay, program, run, signedUp } from './command-line.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

// Real programs are started here, and a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });

describe('sync', () => {
  test('contacts the server and says what it has', async () => {
    const dataDir = await signedUp(server);
    const ran = await program(dataDir, server.url, 'sync').ended;
    expect(ran).toEqual({
      exit: exits.done,
      out: expect.stringMatching(/^in contact: data checked 2026-11-22T\S+Z, 1 entries, 0 waiting\n$/),
      err: '',
    });
    const told = await run(dataDir, noServer, 'status');
    expect(told.data).toMatchObject({ session: 'active', balance: 50_000, plan: expect.any(String), seq: 1 });
  });

  test('without a network says so, and how old the data is', async () => {
    const dataDir = await signedUp(server, false);
    const ran = await program(dataDir, noServer, 'sync').ended;
    expect(ran).toMatchObject({ exit: exits.noContact, out: '' });
    expect(ran.err).toMatch(/^no contact \(\w+\); .+, 0 waiting\n$/);
  });

  test('on a folder that nobody has used is refused in words', async () => {
    const ran = await run(join(tempFolder(), 'data'), server.url, 'sync');
    expect(ran).toMatchObject({ exit: exits.refused, lines: ['nobody has signed up on this data folder'] });
  });
});

describe('queue', () => {
  test('puts it on the disk first, and the next contact sends it once', async () => {
    const dataDir = await signedUp(server);
    const ran = await program(dataDir, noServer, 'queue topup 3').ended;
    expect(ran).toMatchObject({ exit: exits.done, err: '' });
    const [, id = ''] = /^queued (pur_\w+): credits x 3, ₹7500\.00\n$/.exec(ran.out) ?? [];
    expect(id, ran.out).not.toBe('');
    const list = await run(dataDir, noServer, 'queue list');
    expect(list.data).toMatchObject({ items: [{ id, quantity: 3, state: 'queued' }, { state: 'paid' }] });
    expect(await creditsAtServer(server, dataDir)).toEqual([]);

    expect(await run(dataDir, noServer, 'sync')).toMatchObject({ exit: exits.noContact, data: { waiting: 1 } });
    for (let time = 0; time < 2; time += 1) {
      expect(await run(dataDir, server.url, 'sync')).toMatchObject({ exit: exits.done });
      expect(await creditsAtServer(server, dataDir)).toEqual([{ id, quantity: 3, state: 'awaiting_payment' }]);
    }
    await pay(server, id);
    await run(dataDir, server.url, 'sync');
    expect((await run(dataDir, noServer, 'status')).data).toMatchObject({ balance: 200_000, items: { paid: 2 } });
  });

  test('within reach of the server, with contacts of its own, makes one purchase there', async () => {
    const dataDir = await signedUp(server);
    const { id } = dataOf(await run(dataDir, server.url, 'queue topup 1'));
    await run(dataDir, server.url, 'sync');
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ id, quantity: 1 }]);
  });

  test('a plan that is owned already is refused in words, and nothing is kept of it', async () => {
    const dataDir = await signedUp(server);
    const ran = await program(dataDir, noServer, 'queue plan').ended;
    const err = 'refused: The org owns the plan already. (plan_already_owned)\n';
    expect(ran).toEqual({ exit: exits.refused, out: '', err });
    expect((await run(dataDir, noServer, 'status')).data).toMatchObject({ items: { paid: 1 } });
  });

  test('what the server refuses is told by the list, with its reason, and is not asked for again', async () => {
    const dataDir = await signedUp(server, false);
    // No plan: a command that has not spoken to the server cannot be sure of that, so the server decides.
    const { id } = dataOf(await run(dataDir, noServer, 'queue topup 1'));
    expect(await run(dataDir, server.url, 'sync')).toMatchObject({ exit: exits.done, data: { waiting: 0 } });
    const list = await run(dataDir, noServer, 'queue list');
    expect(list.lines).toEqual([expect.stringMatching(`${id}  credits  ₹2500.00  rejected  \\(plan_required\\)$`)]);
    expect(await creditsAtServer(server, dataDir)).toEqual([]);
  });
});

describe('queue cancel', () => {
  test('cancels at once what was never sent, and it never reaches the server', async () => {
    const dataDir = await signedUp(server);
    const { id } = dataOf(await run(dataDir, noServer, 'queue topup 1'));
    const ran = await program(dataDir, noServer, `queue cancel ${id}`).ended;
    expect(ran).toEqual({ exit: exits.done, out: `cancelled ${id}: credits, ₹2500.00\n`, err: '' });
    await run(dataDir, server.url, 'sync');
    expect(await creditsAtServer(server, dataDir)).toEqual([]);
  });

  test('cancels at the server what it has, and without a network says so and changes nothing', async () => {
    const dataDir = await signedUp(server);
    const { id } = dataOf(await run(dataDir, noServer, 'queue topup 1'));
    await run(dataDir, server.url, 'sync');
    const cut = await run(dataDir, noServer, `queue cancel ${id}`);
    expect(cut).toMatchObject({
      exit: exits.noContact,
      lines: ['refused: There is no answer from the server. (offline)'],
    });
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ state: 'awaiting_payment' }]);
    expect(dataOf(await run(dataDir, server.url, `queue cancel ${id}`)).state).toBe('cancelled');
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ id, state: 'cancelled' }]);
  });

  test('of a purchase that there is not is refused in words', async () => {
    const dataDir = await signedUp(server, false);
    const ran = await program(dataDir, server.url, 'queue cancel pur_nobodys').ended;
    const err = 'refused: There is no such purchase. (not_found)\n';
    expect(ran).toEqual({ exit: exits.refused, out: '', err });
  });
});

describe('wrong input', () => {
  test.each([
    ['queue topup 21', /^queue topup needs a number of packs, 1 to 20\n/],
    ['queue topup -1', /-1/],
    ['buy', /^there is no command "buy"\n/],
    ['queue topup 1 --key', /--key/],
    ['queue topup 1 --key two+two', /^--key needs 1 to 64 letters, digits, hyphens and underscores\n/],
  ])('%s: said in words, with 64, and no folder is made', async (line, words) => {
    const dataDir = join(tempFolder(), 'data');
    const ran = await program(dataDir, noServer, line).ended;
    expect(ran).toMatchObject({ exit: exits.usage, out: '' });
    expect(ran.err).toMatch(words);
    expect(ran.err).not.toMatch(/\n\s+at /);
    expect(existsSync(dataDir)).toBe(false);
  });

  test.each([
    ['queue topup 0', null, 'queue topup needs a number of packs, 1 to 20'],
    ['queue topup many', null, 'queue topup needs a number of packs, 1 to 20'],
    ['queue cancel 17', null, 'queue cancel needs the id of a purchase, as queue list shows it'],
    ['queue plan', '', '--key needs 1 to 64 letters, digits, hyphens and underscores'],
    ['queue renewal', 'k'.repeat(65), '--key needs 1 to 64 letters, digits, hyphens and underscores'],
    ['queue cancel pur_1', 'k', '--key belongs to queue topup, queue plan and queue renewal'],
    ['sync', 'k', '--key belongs to queue topup, queue plan and queue renewal'],
  ])('%s with the key %s: no command is made of it', (line, key, fault) => {
    expect(readWords(line.split(' '), key)).toEqual({ ok: false, fault });
  });
});

test('help tells of every command, of --key and of the exit codes', async () => {
  const { exit, out } = await program(tempFolder(), noServer, 'help').ended;
  expect(exit).toBe(exits.done);
  for (const word of ['status', 'sync', 'queue topup N', 'queue cancel ID', 'export-diagnostics', '--key KEY', '75']) {
    expect(out).toContain(word);
  }
});

test('while the app runs on the folder: what changes something says so with 75, what reads goes on working', async () => {
  const dataDir = await signedUp(server, false);
  const args = ['--browser', '--data', dataDir, '--server', server.url, '--port', '0'];
  const app = new Program(['main/hosts/counter.ts', ...args], {});
  onTestFinished(() => app.end('SIGKILL'));
  await app.line(/counter on/);
  const err = `Another counter is already running on the data folder ${dataDir}.\n`;
  for (const line of ['sync', 'queue plan --key k', 'queue cancel pur_1']) {
    expect(await program(dataDir, server.url, line).ended, line).toEqual({ exit: exits.inUse, out: '', err });
  }
  expect(await program(dataDir, server.url, 'status').ended).toMatchObject({
    exit: exits.done,
    out: expect.stringMatching(/^counter {3}\S+, running$/m),
  });
  expect(await run(dataDir, server.url, 'queue list')).toMatchObject({ exit: exits.done, data: { items: [] } });
  const file = join(dataDir, 'support.json');
  expect(await run(dataDir, server.url, `export-diagnostics ${file}`)).toMatchObject({ exit: exits.done });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ running: true, items: [] });
});

describe('--key', () => {
  test('the same key again answers with the purchase that stands; without one each call is a press of its own', async () => {
    const dataDir = await signedUp(server);
    const first = await program(dataDir, noServer, 'queue topup 2 --key k').ended;
    const second = await program(dataDir, noServer, 'queue topup 2 --key k').ended;
    expect(first).toMatchObject({ exit: exits.done, out: expect.stringContaining('credits x 2') });
    expect(second).toEqual(first);
    await run(dataDir, server.url, 'sync');
    const third = dataOf(await run(dataDir, server.url, 'queue topup 2 --key k'));
    expect(third.state).toBe('awaiting_payment');
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ id: third.id, quantity: 2 }]);

    const others = ['queue topup 2 --key K', 'queue topup 2', 'queue topup 2'];
    const ids = new Set([third.id]);
    for (const line of others) ids.add(dataOf(await run(dataDir, noServer, line)).id);
    expect(ids.size).toBe(4);
  });

  test('takes 64 letters, and tells two that differ in the last one apart', async () => {
    const dataDir = await signedUp(server);
    const long = 'k_-'.repeat(21);
    const [one, two] = [`${long}1`, `${long}2`];
    const { id } = dataOf(await run(dataDir, noServer, `queue topup 1 --key ${one}`));
    expect(dataOf(await run(dataDir, noServer, `queue topup 1 --key ${one}`)).id).toBe(id);
    expect(dataOf(await run(dataDir, noServer, `queue topup 1 --key ${two}`)).id).not.toBe(id);
  });

  test('of a plan that was paid since answers with that purchase, and is not refused', async () => {
    const dataDir = await signedUp(server);
    const again = dataOf(await run(dataDir, server.url, 'queue plan --key the-plan'));
    expect(again).toMatchObject({ sku: 'plan.pharmapulse-one', state: 'paid' });
  });

  test('used for something else is refused in words, and nothing is bought', async () => {
    const dataDir = await signedUp(server);
    const { id } = dataOf(await run(dataDir, noServer, 'queue topup 2 --key k'));
    const ran = await program(dataDir, noServer, 'queue topup 3 --key k').ended;
    const err = `refused: --key k stands for another purchase (queued ${id}: credits x 2, ₹5000.00)\n`;
    expect(ran).toEqual({ exit: exits.refused, out: '', err });
    expect((await run(dataDir, noServer, 'status')).data).toMatchObject({ items: { queued: 1 } });
  });

  test('a script that is killed while it queues, and runs again, buys once', async () => {
    const dataDir = await signedUp(server);
    const killed = program(dataDir, server.url, 'queue topup 2 --key k');
    const held = async () => (await run(dataDir, noServer, 'status')).data;
    // As early as it can be seen: the row is on the disk, and nothing was printed of it for sure.
    await vi.waitFor(async () => expect(await held()).toMatchObject({ items: { queued: 1 } }), {
      interval: 1,
      timeout: 30_000,
    });
    killed.kill();
    await killed.ended;
    const { id } = dataOf(await run(dataDir, server.url, 'queue topup 2 --key k'));
    await run(dataDir, server.url, 'sync');
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ id, quantity: 2 }]);
  });

  test('a script that is killed after the server bought and before it heard so, and runs again, buys once', async () => {
    const dataDir = await signedUp(server);
    const { id } = dataOf(await run(dataDir, noServer, 'queue topup 2 --key k'));
    let kill: () => void = () => undefined;
    const way = await losingAnswers(server.url, () => kill());
    const sync = program(dataDir, way, 'sync');
    kill = sync.kill;
    expect(await sync.ended).toEqual({ exit: null, out: '', err: '' });
    expect(await creditsAtServer(server, dataDir)).toMatchObject([{ id }]);

    expect(dataOf(await run(dataDir, server.url, 'queue topup 2 --key k')).id).toBe(id);
    await run(dataDir, server.url, 'sync');
    expect(await creditsAtServer(server, dataDir)).toEqual([{ id, quantity: 2, state: 'awaiting_payment' }]);
  });
});
