// Carries frames between one page and the core over Electron's IPC. Frames of anybody but our own main frame are dropped
// before anything looks at them; what a frame says is parsed by main/ipc.
import type { IpcMain, IpcMainEvent, WebContents } from 'electron';
import type { Channel } from '../../ipc/channel.ts';
import type { Log } from '../../ports.ts';
import { isShopFrame } from './security.ts';

/**
 * One channel at a time, a new one for every page that says it has begun: answers to a page that was reloaded must not
 * reach the next one, which numbers its calls from 1 again.
 */
export function channels(
  ipc: Pick<IpcMain, 'on'>,
  contents: WebContents,
  log: Log,
  serve: (to: Channel) => () => void,
) {
  let current: OpenChannel | null = null;
  const end = () => {
    current?.end();
    current = null;
  };
  const ours = (event: IpcMainEvent) => {
    if (event.sender === contents && isShopFrame(event.senderFrame)) return true;
    log('warn', 'a message from a strange sender was dropped', { url: event.senderFrame?.url ?? null });
    return false;
  };

  ipc.on('page', (event) => {
    if (ours(event)) end();
  });
  ipc.on('frame', (event, frame: unknown) => {
    if (!ours(event)) return;
    current ??= open(contents, log, serve);
    current.deliver(frame);
  });
  contents.on('render-process-gone', end);
  contents.on('destroyed', end);
}

interface OpenChannel {
  readonly deliver: (frame: unknown) => void;
  readonly end: () => void;
}

function open(contents: WebContents, log: Log, serve: (to: Channel) => () => void): OpenChannel {
  let isOpen = true;
  let listener: ((frame: unknown) => void) | null = null;
  const stop = serve({
    post: (frame) => {
      if (!isOpen) throw new Error('this channel is closed');
      contents.send('frame', frame);
    },
    onMessage: (heard) => {
      listener = heard;
    },
    close: (reason) => {
      isOpen = false;
      log('warn', 'the channel to the page was closed', { reason });
    },
  });
  return {
    deliver: (frame: unknown) => {
      if (isOpen) listener?.(frame);
    },
    end: () => {
      isOpen = false;
      stop();
    },
  };
}
