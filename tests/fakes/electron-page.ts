// The fake window, the page in it, and the wire between page and main.
import type * as Electron from 'electron';
import { Emitter, strict, type World } from './electron-strict.ts';

export interface FakeFrame {
  url: string;
  parent: FakeFrame | null;
}

type ContentsParts = Pick<Electron.WebContents, 'on' | 'reload' | 'send' | 'setWindowOpenHandler'>;
type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

export class FakeContents extends Emitter implements ContentsParts {
  readonly frame: FakeFrame = { url: 'about:blank', parent: null };
  readonly sent: { channel: string; args: unknown[] }[] = [];
  /** Whoever listens in the page. */
  page = new Emitter();
  openHandler: OpenHandler | null = null;
  reloads = 0;

  send(channel: string, ...args: unknown[]): void {
    const cloned = structuredClone(args);
    this.sent.push({ channel, args: cloned });
    this.page.fire(channel, {}, ...cloned);
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }
  reload(): void {
    this.reloads += 1;
  }
}

type WindowParts = Pick<
  Electron.BrowserWindow,
  'focus' | 'hide' | 'isMinimized' | 'loadURL' | 'on' | 'restore' | 'show'
>;

export class FakeWindow extends Emitter implements WindowParts {
  readonly #world: World;
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly webContents = strict('webContents', new FakeContents());
  visible: boolean;
  minimized = false;
  focused = false;
  /** Set to make the next load fail. */
  broken = false;

  constructor(world: World, options: Electron.BrowserWindowConstructorOptions) {
    super();
    world.needReady('new BrowserWindow');
    this.#world = world;
    this.options = options;
    this.visible = options.show ?? true;
  }
  async loadURL(url: string): Promise<void> {
    this.#world.note(`load ${url}`);
    if (this.broken) throw new Error(`ERR_FAILED loading ${url}`);
    this.webContents.frame.url = url;
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  focus(): void {
    this.focused = true;
  }
  restore(): void {
    this.minimized = false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  /** The user closes it: the window is gone unless somebody prevented that. */
  close(): boolean {
    return !this.fire('close');
  }
}

/** What `import 'electron'` is inside a page: only these two, and only plain data across. */
export function fakePage(contents: FakeContents, ipcMain: Emitter, frame: FakeFrame | null = contents.frame) {
  const world: Record<string, unknown> = {};
  const page = new Emitter();
  contents.page = page;
  const ipcRenderer = {
    on: (channel: string, listener: (...args: never[]) => void): never => page.on(channel, listener),
    send: (channel: string, ...args: unknown[]): void => {
      ipcMain.fire(channel, { sender: contents, senderFrame: frame }, ...structuredClone(args));
    },
  } satisfies Pick<Electron.IpcRenderer, 'on' | 'send'>;
  const contextBridge = {
    exposeInMainWorld: (key: string, api: Record<string, unknown>): void => {
      if (key in world) throw new Error(`exposeInMainWorld of ${key} twice`);
      world[key] = Object.freeze({ ...api });
    },
  } satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>;
  return {
    electron: {
      ipcRenderer: strict('ipcRenderer', ipcRenderer),
      contextBridge: strict('contextBridge', contextBridge),
    },
    /** The page's `window`, as far as the preload put something there. */
    world,
    send: ipcRenderer.send,
  };
}
