// A counter as a test drives it, over either transport: the browser host with a page of the test's browser, or the
// desktop app itself. The specs are the same.
import { once } from 'node:events';
import { type BrowserContext, _electron as electron, type Page } from '@playwright/test';
import { en, type Messages } from '../../renderer/text/en.ts';
import { type Hands, mouse } from './hands.ts';
import { freePort, Program, root } from './program.ts';

export interface OpenCounter {
  readonly page: Page;
  /** Presses "Pay now" in the panel that is open and goes on to the provider's checkout. */
  checkout(say?: Messages, hands?: Hands): Promise<Page>;
  /** Ends it as a user would. */
  close(): Promise<void>;
  /** kill -9, or the power cut. */
  kill(): Promise<void>;
}

export interface CounterPlace {
  readonly dataDir: string;
  readonly serverUrl: string;
}

/** Razorpay's checkout is opened by a button, Stripe's page by a link; both are desks with a way to pay. */
async function toProvider(pay: Page, hands: Hands): Promise<Page> {
  const name = /^Pay ₹|^₹\S+ का पेमेंट करें$/;
  await hands.press(pay.getByRole('button', { name }).or(pay.getByRole('link', { name })));
  await pay.locator('.desk #pay').waitFor();
  return pay;
}

export async function openInBrowser(context: BrowserContext, place: CounterPlace): Promise<OpenCounter> {
  const port = String(await freePort());
  const args = ['main/hosts/counter.ts', '--browser', '--data', place.dataDir, '--server', place.serverUrl];
  const program = new Program([...args, '--port', port], {});
  const [, url] = await program.line(/counter on (http:\/\/\S+)/);
  if (url === undefined) throw new Error('the counter did not say where it is');
  const page = await context.newPage();
  await page.goto(url);
  const end = async (signal: NodeJS.Signals) => {
    await page.close();
    await program.end(signal);
  };
  return {
    page,
    checkout: async (say = en, hands = mouse) => {
      const opened = page.waitForEvent('popup');
      await hands.press(page.getByRole('button', { name: say.purchases.actions.payNow }));
      return toProvider(await opened, hands);
    },
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

export async function openInElectron(
  executablePath: string,
  context: BrowserContext,
  place: CounterPlace,
): Promise<OpenCounter> {
  const app = await electron.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      root,
      ...['--data', place.dataDir, '--server', place.serverUrl],
    ],
  });
  const page = await app.firstWindow();
  // The system's browser cannot be driven: what would be opened there is opened in the test's browser.
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => {
      opened.push(url);
    };
  });
  return {
    page,
    checkout: async (say = en, hands = mouse) => {
      const before = await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened.length);
      await hands.press(page.getByRole('button', { name: say.purchases.actions.payNow }));
      await page.getByText(say.purchases.panel.opened).waitFor();
      const url = await app.evaluate((_, at) => (globalThis as unknown as { opened: string[] }).opened[at], before);
      if (url === undefined) throw new Error('nothing was opened');
      const pay = await context.newPage();
      await pay.goto(url);
      return toProvider(pay, hands);
    },
    close: () => app.close(),
    kill: async () => {
      const process = app.process();
      const ended = once(process, 'exit');
      process.kill('SIGKILL');
      await ended;
    },
  };
}
