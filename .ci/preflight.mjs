// Says in one sentence what a checkout is missing, before anything else can fail with a stack trace or a crash.
// Plain JavaScript for old Nodes: it must run where nothing else of the project does.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The first thing that is wrong, as a sentence with its cure; null when all is well. */
function firstFault() {
  if (!existsSync(new URL('../node_modules/', import.meta.url))) {
    return 'The packages are not installed: run "npm ci" in this folder first.';
  }
  if (Number(process.versions.node.split('.')[0]) < 24) {
    return (
      `This is Node ${process.versions.node}, and Node 24 is needed. The project brings its own: run "npm ci" again ` +
      'and start through npm ("npm start"); if npm asks, allow the install script of the package "node".'
    );
  }
  for (const name of ['fastify', 'pg', 'zod', 'better-sqlite3/package.json']) {
    try {
      require.resolve(name);
    } catch {
      return `The package "${name.split('/')[0]}" is not installed: run "npm ci" again.`;
    }
  }
  try {
    const Database = require('better-sqlite3');
    new Database(':memory:').close();
  } catch (error) {
    return (
      `SQLite cannot be loaded on ${process.platform}-${process.arch} (${String(error.message).split('\n')[0]}): ` +
      '64-bit Windows, macOS or Linux is needed; if this is one, run "npm ci" again.'
    );
  }
  return null;
}

const fault = firstFault();
if (fault !== null) {
  console.error(fault);
  process.exit(1);
}
