// Bundles the preload into one CommonJS file: a sandboxed preload can load nothing but Electron's own two modules.
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    lib: { entry: 'hosts/electron/preload.ts', formats: ['cjs'], fileName: () => 'index.js' },
    target: 'node24',
    outDir: '../out/preload',
    emptyOutDir: true,
    minify: false,
    sourcemap: false,
    rolldownOptions: { external: ['electron'] },
  },
});
