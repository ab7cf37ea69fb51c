// The fake app and what belongs to the whole process: schemes, session, key store, power.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type * as Electron from 'electron';
import { Emitter, type World } from './electron-strict.ts';

export interface AppOptions {
  readonly appPath: string;
  readonly userData: string;
  /** False: another instance holds the lock. */
  readonly firstInstance?: boolean;
  readonly keyStore?: boolean;
  /** False: the operating system has nothing to open a link with. */
  readonly browser?: boolean;
  /** True: installed, and so somebody whom the operating system can start. */
  readonly packaged?: boolean;
  /** False: there is no program for PDFs. */
  readonly viewer?: boolean;
  /** Of the operating system. */
  readonly locale?: string;
}

type AppParts = Pick<
  Electron.App,
  | 'enableSandbox'
  | 'exit'
  | 'getAppPath'
  | 'getLocale'
  | 'getLoginItemSettings'
  | 'isPackaged'
  | 'setLoginItemSettings'
  | 'getPath'
  | 'getVersion'
  | 'on'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setAppUserModelId'
  | 'whenReady'
>;

export class FakeApp extends Emitter implements AppParts {
  readonly #world: World;
  readonly #options: AppOptions;
  readonly #ready = Promise.withResolvers<void>();
  exitCode: number | null = null;
  readonly isPackaged: boolean;
  /** What the operating system starts at login: null for nothing, else with these arguments. */
  loginItem: readonly string[] | null = null;

  constructor(world: World, options: AppOptions) {
    super();
    this.#world = world;
    this.#options = options;
    this.isPackaged = options.packaged ?? false;
  }
  setLoginItemSettings({ openAtLogin = true, args = [] }: Electron.Settings): void {
    this.loginItem = openAtLogin ? args : null;
  }
  getLoginItemSettings(options: Electron.LoginItemSettingsOptions = {}): Electron.LoginItemSettings {
    // As on Windows: an entry with other arguments is another entry.
    const found = this.loginItem !== null && String(this.loginItem) === String(options.args ?? []);
    return { openAtLogin: found } as Electron.LoginItemSettings;
  }
  whenReady(): Promise<void> {
    return this.#ready.promise;
  }
  becomeReady(): void {
    this.#world.ready = true;
    this.#world.note('ready');
    this.#ready.resolve();
  }
  enableSandbox(): void {
    this.#world.needEarly('app.enableSandbox');
    this.#world.note('sandbox');
  }
  requestSingleInstanceLock(): boolean {
    this.#world.note('lock');
    return this.#options.firstInstance ?? true;
  }
  getPath(name: string): string {
    if (name === 'userData') return this.#options.userData;
    if (name === 'documents') return join(this.#options.userData, 'Documents');
    throw new Error(`the fake has no path ${name}`);
  }
  getAppPath(): string {
    return this.#options.appPath;
  }
  getLocale(): string {
    this.#world.needReady('app.getLocale');
    return this.#options.locale ?? 'en-US';
  }
  getVersion(): string {
    return '9.8.7';
  }
  setAppUserModelId(id: string): void {
    this.#world.note(`id ${id}`);
  }
  quit(): void {
    this.#world.note('quit');
    if (this.fire('before-quit') || this.fire('will-quit')) return;
    this.exitCode ??= 0;
  }
  exit(code = 0): void {
    this.#world.note(`exit ${code}`);
    this.exitCode ??= code;
  }
}

export class FakeProtocol implements Pick<Electron.Protocol, 'handle' | 'registerSchemesAsPrivileged'> {
  readonly #world: World;
  schemes: Electron.CustomScheme[] = [];
  readonly handlers = new Map<string, Parameters<Electron.Protocol['handle']>[1]>();

  constructor(world: World) {
    this.#world = world;
  }
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    this.#world.needEarly('protocol.registerSchemesAsPrivileged');
    if (this.schemes.length > 0) throw new Error('protocol.registerSchemesAsPrivileged twice');
    this.schemes = structuredClone(schemes);
  }
  handle(scheme: string, handler: Parameters<Electron.Protocol['handle']>[1]): void {
    this.#world.needReady('protocol.handle');
    if (this.handlers.has(scheme)) throw new Error(`protocol.handle of ${scheme} twice`);
    this.handlers.set(scheme, handler);
  }
}

type SessionParts = Pick<
  Electron.Session,
  | 'on'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
>;

export class FakeSession extends Emitter implements SessionParts {
  request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
  display: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0] = null;

  setPermissionRequestHandler(handler: typeof this.request): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: typeof this.check): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: typeof this.device): void {
    this.device = handler;
  }
  setDisplayMediaRequestHandler(handler: typeof this.display): void {
    this.display = handler;
  }
}

type SafeParts = Pick<Electron.SafeStorage, 'decryptStringAsync' | 'encryptStringAsync' | 'isAsyncEncryptionAvailable'>;

/** Turns the bytes over, so that what is stored is not what was given. */
export class FakeSafeStorage implements SafeParts {
  readonly #world: World;
  readonly #options: AppOptions;

  constructor(world: World, options: AppOptions) {
    this.#world = world;
    this.#options = options;
  }
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    this.#world.needReady('safeStorage');
    return this.#options.keyStore ?? true;
  }
  async encryptStringAsync(plain: string): Promise<Buffer> {
    if (!(await this.isAsyncEncryptionAvailable())) throw new Error('no key store');
    return Buffer.from(plain).reverse();
  }
  async decryptStringAsync(sealed: Buffer): Promise<Electron.DecryptStringAsyncReturnValue> {
    if (!Buffer.isBuffer(sealed)) throw new TypeError('safeStorage takes a Buffer');
    if (!(await this.isAsyncEncryptionAvailable())) throw new Error('no key store');
    return { result: Buffer.from(sealed).reverse().toString(), shouldReEncrypt: false };
  }
}

export class FakeShell implements Pick<Electron.Shell, 'openExternal' | 'openPath'> {
  readonly #options: AppOptions;
  readonly opened: string[] = [];
  /** Files that another program was given, with what stood in them. */
  readonly files: { path: string; content: Buffer }[] = [];

  constructor(options: AppOptions) {
    this.#options = options;
  }
  async openExternal(url: string): Promise<void> {
    if (this.#options.browser === false) throw new Error('no application is registered for this link');
    this.opened.push(url);
  }
  /** Resolves with why not, as the real one; empty when it is open. */
  async openPath(path: string): Promise<string> {
    if (!isAbsolute(path)) throw new TypeError('openPath takes a whole path');
    if (this.#options.viewer === false) return 'no application is registered for this file';
    this.files.push({ path, content: readFileSync(path) });
    return '';
  }
}
