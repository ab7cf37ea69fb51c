// Builds a program of the benchmark into one file, as the counter is shipped: run from its sources, Node's own work of reading
// TypeScript would be counted as the counter's memory.
import { join } from 'node:path';
import { build } from 'vite';

const root = new URL('../..', import.meta.url).pathname;

/** Where the built program is. Inside the project, so that the native part is found. */
export async function bundle(name: 'counter-process'): Promise<string> {
  const outDir = join(root, 'out', 'bench');
  const mode = process.env.NODE_ENV;
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: { ssr: join(root, 'bench', 'sync', `${name}.ts`), outDir, target: 'node24', minify: false },
  });
  // The build says "production" to the whole process, and the server that is started next would believe it.
  if (mode === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = mode;
  return join(outDir, `${name}.js`);
}
