// The one place of the counter that reads the environment. Everything else is told by the command line or by its maker.

export interface Environment {
  /** Where somebody keeps an unpacked Electron; null when it is where npm puts it. */
  readonly electronFolder: string | null;
  /** A desktop on which a browser can be opened. */
  readonly hasDisplay: boolean;
  /** Port and host of the sync server that `npm start` starts, as its own settings name them; null for its defaults. */
  readonly serverPort: string | null;
  readonly serverHost: string | null;
  readonly serverDataDir: string | null;
  readonly serverTestClock: string | null;
}

export function readEnvironment(platform: NodeJS.Platform = process.platform): Environment {
  const of = (name: string) => {
    const value = process.env[name];
    return value === undefined || value === '' ? null : value;
  };
  return {
    electronFolder: of('ELECTRON_OVERRIDE_DIST_PATH'),
    hasDisplay:
      platform === 'win32' || platform === 'darwin' || of('DISPLAY') !== null || of('WAYLAND_DISPLAY') !== null,
    serverPort: of('PORT'),
    serverHost: of('HOST'),
    serverDataDir: of('DATA_DIR'),
    serverTestClock: of('TEST_CLOCK'),
  };
}

/** The environment for a program that we start: our own, with what it must know besides. */
export function environmentWith(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...more };
}
