// A strict Electron for plain Node: the real shell runs under it. It has only what the shell uses, anything else throws
// by name; what Electron forbids before it is ready, or allows only once, is refused here too; whatever crosses a process
// is structured-cloned. Its parts are held against electron.d.ts, so that a change there breaks the build.
import type * as Electron from 'electron';
import { type AppOptions, FakeApp, FakeProtocol, FakeSafeStorage, FakeSession, FakeShell } from './electron-app.ts';
import { type FakeFrame, FakeWindow, fakePage } from './electron-page.ts';
import { Emitter, strict, World } from './electron-strict.ts';

export interface FakeOptions extends AppOptions {
  /** False: the desktop shows no notifications. */
  readonly notifications?: boolean;
  /** False: the desktop has no tray. */
  readonly tray?: boolean;
}

interface MenuItem {
  readonly label?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly click?: unknown;
}

/** The pieces of the screen outside the window. */
class Desktop {
  readonly world: World;
  readonly options: FakeOptions;
  readonly windows: FakeWindow[] = [];
  readonly trays: { menu: readonly MenuItem[]; tip: string; image: unknown; paints: number; events: Emitter }[] = [];
  readonly notices: { title: string; body: string; events: Emitter; shown: boolean }[] = [];
  readonly errors: { title: string; content: string }[] = [];
  readonly saveDialogs: Electron.SaveDialogOptions[] = [];
  /** Where the user saves; null: thinks otherwise. */
  saveAs: string | null = null;
  /** undefined: never said; null: there is none. */
  applicationMenu: unknown;

  constructor(world: World, options: FakeOptions) {
    this.world = world;
    this.options = options;
  }
}

function windowClass(desktop: Desktop, app: FakeApp) {
  return class BrowserWindow {
    constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
      const window = strict('BrowserWindow', new FakeWindow(desktop.world, options));
      desktop.windows.push(window);
      desktop.world.note('window');
      app.fire('web-contents-created', {}, window.webContents);
      // biome-ignore lint/correctness/noConstructorReturn: the strict object stands in for the instance
      return window as never;
    }
  };
}

function trayClass(desktop: Desktop) {
  type Parts = Pick<Electron.Tray, 'on' | 'setContextMenu' | 'setImage' | 'setToolTip'>;
  return class Tray extends Emitter implements Parts {
    readonly #seen: (typeof desktop.trays)[number] = { menu: [], tip: '', image: null, paints: 0, events: this };

    constructor(image: unknown) {
      super();
      desktop.world.needReady('new Tray');
      if (image === undefined) throw new TypeError('a tray needs a picture');
      if (desktop.options.tray === false) throw new Error('there is no tray');
      this.#seen.image = image;
      desktop.trays.push(this.#seen);
    }
    setImage(image: unknown): void {
      this.#seen.image = image;
      this.#seen.paints += 1;
    }
    setToolTip(tip: string): void {
      this.#seen.tip = tip;
    }
    setContextMenu(menu: unknown): void {
      this.#seen.menu = menu as readonly MenuItem[];
    }
  };
}

function notificationClass(desktop: Desktop) {
  return class Notification extends Emitter implements Pick<Electron.Notification, 'on' | 'show'> {
    readonly #seen: (typeof desktop.notices)[number];

    static isSupported(): boolean {
      return desktop.options.notifications ?? true;
    }
    constructor({ title = '', body = '' }: Electron.NotificationConstructorOptions = {}) {
      super();
      desktop.world.needReady('new Notification');
      this.#seen = { title, body, events: this, shown: false };
      desktop.notices.push(this.#seen);
    }
    show(): void {
      this.#seen.shown = true;
    }
  };
}

function fakeDialog(desktop: Desktop) {
  return {
    showErrorBox: (title: string, content: string): void => {
      desktop.errors.push({ title, content });
    },
    showSaveDialog: async (window: unknown, options: Electron.SaveDialogOptions) => {
      desktop.world.needReady('dialog.showSaveDialog');
      if (!desktop.windows.includes(window as FakeWindow)) throw new TypeError('a dialog belongs to a window');
      desktop.saveDialogs.push(options);
      const filePath = desktop.saveAs;
      return filePath === null ? { canceled: true, filePath: '' } : { canceled: false, filePath };
    },
  } satisfies Record<keyof Pick<Electron.Dialog, 'showErrorBox' | 'showSaveDialog'>, unknown>;
}

export function fakeElectron(options: FakeOptions) {
  const world = new World();
  const app = new FakeApp(world, options);
  const desktop = new Desktop(world, options);
  const protocol = new FakeProtocol(world);
  const session = new FakeSession();
  const shell = new FakeShell(options);
  const [ipcMain, powerMonitor] = [new Emitter(), new Emitter()];
  const sessions = {
    get defaultSession() {
      world.needReady('session.defaultSession');
      return strict('session', session);
    },
  };
  const dialog = fakeDialog(desktop);
  const Menu = {
    setApplicationMenu: (menu: unknown): void => {
      desktop.applicationMenu = menu;
    },
    buildFromTemplate: (template: MenuItem[]) => template,
  } satisfies Record<keyof Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>, unknown>;
  const nativeImage = {
    createFromBitmap: (points: Buffer, { width, height }: Electron.CreateFromBitmapOptions) => {
      if (points.length !== width * height * 4) throw new RangeError('a bitmap has four bytes a point');
      return { width, height, points };
    },
  } satisfies Record<keyof Pick<typeof Electron.nativeImage, 'createFromBitmap'>, unknown>;

  /** What `import 'electron'` is in main. Every name exists in the real one. */
  const electron = {
    app: strict('app', app),
    BrowserWindow: windowClass(desktop, app),
    dialog: strict('dialog', dialog),
    ipcMain: strict('ipcMain', ipcMain),
    Menu: strict('Menu', Menu),
    nativeImage: strict('nativeImage', nativeImage),
    Notification: notificationClass(desktop),
    powerMonitor: strict('powerMonitor', powerMonitor),
    protocol: strict('protocol', protocol),
    safeStorage: strict('safeStorage', new FakeSafeStorage(world, options)),
    session: sessions,
    shell: strict('shell', shell),
    Tray: trayClass(desktop),
  } satisfies Partial<Record<keyof typeof Electron, unknown>>;

  const firstWindow = (): FakeWindow => {
    const [window] = desktop.windows;
    if (window === undefined) throw new Error('there is no window yet');
    return window;
  };
  return {
    electron,
    world,
    app,
    desktop,
    protocol,
    session,
    shell,
    powerMonitor,
    ipcMain,
    firstWindow,
    /** The page in the first window, or a frame of it that is somebody else. */
    page: (frame?: FakeFrame | null) => fakePage(firstWindow().webContents, ipcMain, frame),
  };
}

export type FakeElectron = ReturnType<typeof fakeElectron>;
