// The page's only door: two functions, plain data both ways. It pairs answers with calls and knows nothing of what they
// say; main checks the sender and parses every frame.
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../../../shared/contract/frames.ts';

const waiting = new Map<number, (result: unknown) => void>();
const listeners = new Set<(notice: unknown) => void>();
let last = 0;

ipcRenderer.on('frame', (_event, frame: { id?: number; result?: unknown; notice?: unknown }) => {
  if (frame.id === undefined) {
    for (const listener of listeners) listener(frame.notice);
    return;
  }
  waiting.get(frame.id)?.(frame.result);
  waiting.delete(frame.id);
});

const bridge: Bridge = {
  call: (call, input) =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      ipcRenderer.send('frame', { id: last, call, input });
    }),
  subscribe: (listener) => {
    const one = (notice: unknown) => listener(notice);
    listeners.add(one);
    return () => listeners.delete(one);
  },
};

ipcRenderer.send('page');
contextBridge.exposeInMainWorld('bridge', bridge);
