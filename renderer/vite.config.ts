import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Everything is a file of its own: the content security policy allows no inline script, style or data other than images.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome130',
    chunkSizeWarningLimit: 800,
  },
});
