// The one connection that hears PostgreSQL's notifications, and comes back by itself when it breaks.
import type { Pool } from 'pg';

export interface ListenerParts {
  readonly owner: Pool;
  readonly channel: string;
  readonly hear: (payload: string) => void;
  /** Nobody listened for a while: whatever was remembered may be old. `again`: somebody listens from here on. */
  readonly missed: (again: boolean) => void;
  /** Waits before listening again after the connection broke. */
  readonly retry: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

export interface Listener {
  start(): Promise<void>;
  stop(): void;
  listening(): boolean;
}

export function createListener({ owner, channel, hear, missed, retry, onError }: ListenerParts): Listener {
  /** Leaves the connection that listens; null while none does. */
  let leaveCurrent: (() => void) | null = null;
  let stopped = false;

  const listen = async (): Promise<void> => {
    const connected = await owner.connect();
    let left = false;
    const leave = () => {
      if (!left) connected.release(true);
      left = true;
    };
    connected.on('notification', (message) => hear(message.payload ?? ''));
    // Stays on: a connection that was left may still tell that it broke, and nobody else listens for that.
    connected.on('error', (error: Error) => {
      if (left) return;
      onError(error);
      leave();
      if (leaveCurrent !== leave) return;
      leaveCurrent = null;
      missed(false);
      void listenAgain();
    });
    try {
      await connected.query(`listen ${channel}`);
    } catch (error) {
      leave();
      throw error;
    }
    if (stopped) leave();
    else leaveCurrent = leave;
  };

  const listenAgain = async (): Promise<void> => {
    while (!stopped && leaveCurrent === null) {
      await retry();
      if (stopped) return;
      try {
        await listen();
        missed(true);
      } catch (error) {
        onError(error as Error);
      }
    }
  };

  return {
    start: listen,
    stop: () => {
      stopped = true;
      leaveCurrent?.();
      leaveCurrent = null;
    },
    listening: () => leaveCurrent !== null,
  };
}
