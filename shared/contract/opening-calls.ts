// The calls of the screen's first sight, apart from all others: building shapes takes a slow PC a while, and the first sight waits
// for these only.
import { z } from 'zod';
import { overviewView } from './overview-view.ts';
import { settingsView } from './settings.ts';

const nothing = z.strictObject({});

export const openingCalls = {
  /** Everything for the overview, computed now. Never refused. */
  'overview.get': { input: nothing, output: overviewView },
  /** What the user of this counter has chosen. Never refused. */
  'settings.get': { input: nothing, output: settingsView },
} as const;
