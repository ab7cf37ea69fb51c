// Builds a program into one file, as the counter is shipped. From its sources, Node's own work of reading TypeScript would be counted
// as the counter's memory, and as most of its start.
import { basename, join } from 'node:path';
import { build } from 'vite';

const root = new URL('..', import.meta.url).pathname;

/**
 * `program`: a path from the project's root, without `.ts`. Returns where the built one is: inside the project, so that the native
 * part is found, in a folder of this process alone.
 */
export async function bundle(program: string): Promise<string> {
  const outDir = join(root, 'out', 'built', String(process.pid));
  const mode = process.env.NODE_ENV;
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: { ssr: join(root, `${program}.ts`), outDir, target: 'node24', minify: false, emptyOutDir: false },
  });
  // The build says "production" to the whole process, and the server that is started next would believe it.
  if (mode === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = mode;
  return join(outDir, `${basename(program)}.js`);
}
