import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// A slow PC pays for every file that it asks for, more than for its bytes: what the first sight needs is one script and one style
// sheet, and the rest comes in few. Each group takes along all that its modules import and that no group before it has.
const groups = [
  { name: 'first', test: /renderer[\\/]main\.tsx$|\.module\.css$|renderer[\\/]text[\\/]plural/, priority: 3 },
  { name: 'panels', test: /renderer[\\/]views[\\/]panel-of\.tsx$/, priority: 2 },
  { name: 'screens', test: /renderer[\\/]views[\\/](purchases|invoices|counters|settings|older-note)/, priority: 1 },
];

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
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
