// The main job as the screen's own state sees it, the same steps over both transports: the counter as the program that serves a
// browser, and the desktop app's real entry with its real preload on the strict fake of Electron. Server, database, sandbox,
// files and the cable between them are real.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { shellBridge } from '../../../renderer/bridge.ts';
import type { LinkedBridge } from '../../../renderer/link.ts';
import { makeChannel } from '../../../renderer/store/channel.ts';
import { type Counter, makeCounter } from '../../../renderer/store/counter.ts';
import type { CounterState } from '../../../renderer/store/state.ts';
import type { Result } from '../../../shared/contract/result.ts';
import { openWire, type Wire } from '../../e2e/network.ts';
import { Program } from '../../e2e/program.ts';
import { pharmacy, tempFolder } from '../../fakes/played-stage.ts';
import { isUp, socketLine } from '../../unit/bridge/wires.ts';
import { becomeReady, openPage, runShell } from '../../unit/shell/run.ts';
import { type Started, started } from '../server/started.ts';

const longestMs = 20_000;

interface Screen {
  readonly bridge: LinkedBridge;
  readonly end: () => Promise<void>;
}
type Open = (dataDir: string, serverUrl: string) => Promise<Screen>;

const inBrowser: Open = async (dataDir, serverUrl) => {
  const args = ['--browser', '--data', dataDir, '--server', serverUrl, '--port', '0'];
  const program = new Program(['main/hosts/counter.ts', ...args], {});
  onTestFinished(() => program.end('SIGKILL'));
  const [, port = '', token = ''] = await program.line(/counter on http:\/\/127\.0\.0\.1:(\d+)\/#token=(\S+)/);
  const { bridge } = socketLine(Number(port), token);
  await isUp(bridge);
  return { bridge, end: () => program.end('SIGKILL') };
};

const inElectron: Open = async (dataDir, serverUrl) => {
  const { fake } = await runShell({ counter: null, args: ['--data', dataDir, '--server', serverUrl] });
  await becomeReady(fake);
  const bridge = shellBridge(await openPage(fake), null);
  const end = async () => {
    fake.app.quit();
    await vi.waitFor(() => expect(fake.app.exitCode).toBe(0), { timeout: 10_000 });
  };
  onTestFinished(async () => {
    if (fake.app.exitCode === null) await end();
  });
  return { bridge, end };
};

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

async function cable(): Promise<Wire> {
  const wire = await openWire(server.url);
  onTestFinished(() => wire.close());
  return wire;
}

/** The screen's state over a bridge, as main.tsx makes it, with overview and purchases open. */
function screenOf({ bridge }: Screen): Counter {
  const screen = makeCounter(makeChannel(bridge), () => 0);
  for (const view of ['overview', 'purchases'] as const) void screen.read(view);
  return screen;
}

/** Fails with what is shown where that does not come in good time. */
function shows(screen: Counter, what: (state: CounterState) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop();
      const { overview, purchases, link } = screen.state.getState();
      reject(new Error(`${what} is not shown, but ${JSON.stringify({ link, overview, purchases })}`));
    }, longestMs);
    const look = () => {
      if (!what(screen.state.getState())) return;
      stop();
      clearTimeout(late);
      resolve();
    };
    const stop = screen.state.subscribe(look);
    look();
  });
}

async function well<T>(result: Promise<Result<T>>): Promise<T> {
  const got = await result;
  if (!got.ok) throw new Error(JSON.stringify(got.error));
  return got.value;
}

const states = ({ purchases }: CounterState) => purchases.value?.items.map(({ state }) => state) ?? [];

test.each([
  ['the WebSocket of the browser host', inBrowser],
  ["Electron's IPC", inElectron],
])(
  'queued without a network, kept over a restart, sent, paid, and its credits are seen: over %s',
  {
    timeout: 90_000,
  },
  async (_name, open) => {
    const wire = await cable();
    const dataDir = join(tempFolder(), 'data');
    let host = await open(dataDir, wire.url);
    let screen = screenOf(host);
    await well(screen.signUp(pharmacy));
    await shows(screen, ({ overview }) => overview.value?.sync.connection === 'online');

    await wire.cut();
    await shows(screen, ({ overview }) => overview.value?.sync.connection === 'offline');
    const wish = { sku: 'plan.pharmapulse-one', quantity: 1, expectedAmountPaise: 1_500_000 } as const;
    const { id } = await well(screen.queue({ ...wish, intent: 'one-press-of-the-button' }));
    expect((await well(screen.queue({ ...wish, intent: 'one-press-of-the-button' }))).id).toBe(id);
    await shows(screen, (state) => states(state).join() === 'queued');

    await host.end();
    host = await open(dataDir, wire.url);
    screen = screenOf(host);
    await shows(screen, (state) => states(state).join() === 'queued');

    await wire.join();
    await screen.syncNow();
    await shows(screen, (state) => states(state).join() === 'awaiting_payment');
    const { url } = await well(screen.pay(id));
    expect(url).toContain(`/pay/${id}?t=`);
    const [order] = await server.sql<{ id: string }>(
      'select provider_order_id as id from purchase where purchase_id = $1',
      [id],
    );
    await server.play(order?.id ?? '', 'pay');
    await server.settle();
    // Nobody presses anything: the server tells the counter, and the counter its screen.
    await shows(screen, (state) => states(state).join() === 'paid');
    await shows(screen, ({ overview }) => overview.value?.credits?.available === 50_000);
    expect(screen.state.getState().overview.value?.plan).toMatchObject({ owned: true, status: 'active' });
    const [once] = await server.sql<{ made: number }>(
      'select count(*)::int as made from purchase where purchase_id = $1 or sku = $2 and org_id = (select org_id from purchase where purchase_id = $1)',
      [id, wish.sku],
    );
    expect(once?.made).toBe(1);
    await host.end();
  },
);
