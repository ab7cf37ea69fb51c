// Bundles the shell and the core into one file for Electron's main process. What stays outside: Electron itself, Node's
// own modules, and better-sqlite3, whose native part cannot be bundled (electron-builder.yml packs it).
import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

export const outside = ['electron', 'better-sqlite3', /^node:/, ...builtinModules];

export default defineConfig({
  root: import.meta.dirname,
  build: {
    ssr: 'hosts/electron/index.ts',
    target: 'node24',
    outDir: '../out/main',
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      external: outside,
      output: { format: 'es', entryFileNames: 'index.js', codeSplitting: false },
    },
  },
  ssr: { noExternal: true },
});
