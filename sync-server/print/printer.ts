// Prints documents beside the server's own thread: one takes 30 to 80 ms of work, the first most of a second, and a spend that
// comes meanwhile must not wait for it. Nothing is kept: the same document gives the same bytes again.
import { Worker } from 'node:worker_threads';
import type { TaxDocument } from '../../shared/gst/document.ts';
import type { Printed, PrintOrder } from './worker.ts';

export interface Printer {
  /** The PDF; null while too many are waiting. Rejects if the thread ends or cannot print it. */
  print(document: TaxDocument): Promise<Buffer | null>;
  /** Ends the thread; what is waited for is rejected. A later print starts another one. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (pdf: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread is started with the first document, so that a server that prints none has none. More than `mostWaiting` is some
 * seconds of work: whoever comes then is asked to come again.
 */
export function createPrinter(mostWaiting = 64): Printer {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let orders = 0;

  const giveUp = (of: Worker, error: Error): void => {
    if (worker !== of) return;
    worker = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const made = new Worker(new URL('./worker.ts', import.meta.url), { name: 'printer' });
    // A program that has nothing else to do may end.
    made.unref();
    made.on('message', (printed: Printed) => {
      const one = waiting.get(printed.order);
      waiting.delete(printed.order);
      if ('pdf' in printed) one?.resolve(Buffer.from(printed.pdf));
      else one?.reject(new Error(`not printed: ${printed.fault}`));
    });
    made.on('error', (error: Error) => giveUp(made, error));
    made.on('exit', (code) => giveUp(made, new Error(`the printing thread ended (${code})`)));
    return made;
  };

  return {
    print: async (document) => {
      if (waiting.size >= mostWaiting) return null;
      worker ??= start();
      const thread = worker;
      orders += 1;
      const order = orders;
      return new Promise<Buffer>((resolve, reject) => {
        waiting.set(order, { resolve, reject });
        thread.postMessage({ order, document } satisfies PrintOrder);
      });
    },
    stop: async () => {
      const ending = worker;
      if (ending === null) return;
      giveUp(ending, new Error('the printer was stopped'));
      await ending.terminate();
    },
  };
}
