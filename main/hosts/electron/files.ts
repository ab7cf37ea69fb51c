// How a file leaves the desktop app: through the system's own dialog to where the user says, or to the PC's program for such
// files, which shows and prints it. The page never names a place.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileDesk, Log, OutgoingFile } from '../../ports.ts';
import { Refused } from '../../refused.ts';

interface SaveDialog {
  readonly defaultPath: string;
  readonly filters: { name: string; extensions: string[] }[];
}

export interface FileDeskParts {
  /** Asks the user for a place, in front of the window. */
  readonly ask: (dialog: SaveDialog) => Promise<{ readonly canceled: boolean; readonly filePath: string }>;
  /** Opens a file with the PC's program for it; resolves with why not, empty when it is open. */
  readonly openPath: (path: string) => Promise<string>;
  /** Where the dialog begins: the user's documents. */
  readonly documents: string;
  /** Copies for other programs to open; emptied at every start. */
  readonly folder: string;
  readonly log: Log;
}

const filters = {
  'application/pdf': [{ name: 'PDF', extensions: ['pdf'] }],
  'text/csv; charset=utf-8': [{ name: 'CSV', extensions: ['csv'] }],
  'application/json': [{ name: 'JSON', extensions: ['json'] }],
} satisfies Record<OutgoingFile['type'], SaveDialog['filters']>;

export function electronFiles(parts: FileDeskParts): FileDesk {
  const failed = (what: string, error: unknown) => {
    parts.log('warn', what, { reason: String(error) });
    return new Refused('file_failed', true);
  };
  clear(parts);
  return {
    async save(file) {
      const defaultPath = join(parts.documents, file.name);
      const asked = await parts.ask({ defaultPath, filters: filters[file.type] });
      if (asked.canceled || asked.filePath === '') return { kind: 'cancelled' };
      try {
        writeFileSync(asked.filePath, file.bytes);
      } catch (error) {
        throw failed('a file could not be saved', error);
      }
      return { kind: 'saved' };
    },
    async open(file) {
      const path = join(parts.folder, file.name);
      try {
        mkdirSync(parts.folder, { recursive: true, mode: 0o700 });
        if (!holds(path, file.bytes)) writeFileSync(path, file.bytes);
      } catch (error) {
        throw failed('a file could not be written for another program', error);
      }
      const fault = await parts.openPath(path);
      if (fault !== '') throw failed('there is nothing to open a file with', fault);
      return { kind: 'opened' };
    },
  };
}

/** What another program still holds open stays until the next start. */
function clear({ folder, log }: FileDeskParts): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    log('info', 'old copies were not removed', { reason: String(error) });
  }
}

/** A program that shows the same file may have locked it; then there is nothing to write. */
function holds(path: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}
