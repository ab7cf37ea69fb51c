// Closing hides, quitting waits: the counter's files are closed before the process ends, but never at the price of an
// app that does not end. What is committed is safe without any of this.
import type { App, BrowserWindow } from 'electron';
import type { Counter } from '../../counter.ts';
import type { Log, Timers } from '../../ports.ts';

const longestStop = 5_000;

export function stopBeforeQuit(app: App, window: BrowserWindow, counter: Counter, timers: Timers, log: Log): void {
  let quitting = false;
  let ended = false;
  let stopped: Promise<void> | null = null;
  const stop = () => {
    const failed = (error: unknown) => log('error', 'the counter did not stop cleanly', { reason: String(error) });
    stopped ??= counter.stop().catch(failed);
    return stopped;
  };

  window.on('close', (event) => {
    if (quitting) return;
    event.preventDefault();
    window.hide();
  });
  // Windows ends the session without quitting the app.
  window.on('session-end', () => void stop());

  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    if (quitting) return;
    quitting = true;
    const late = new Promise<void>((done) => timers.after(longestStop, done));
    void Promise.race([stop(), late]).then(() => {
      ended = true;
      app.quit();
    });
  });
}
