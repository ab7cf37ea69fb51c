// Whether the desktop app itself can be driven here: its binary cannot be downloaded everywhere.
import { resolve } from 'node:path';
import { findElectron } from '../../main/hosts/electron-binary.ts';

const root = resolve(import.meta.dirname, '../..');

/** Electron's program, or null. REQUIRE_ELECTRON=1 makes its absence a failure, never a silent skip. */
export const electronProgram = findElectron(root, process.platform, process.env.ELECTRON_OVERRIDE_DIST_PATH ?? null);

if (electronProgram === null && process.env.REQUIRE_ELECTRON === '1') {
  throw new Error(
    'REQUIRE_ELECTRON=1 and there is no Electron: run "npx install-electron" or set ELECTRON_OVERRIDE_DIST_PATH',
  );
}
