import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// A slow PC pays for every file that it asks for, more than for its bytes: what the first sight needs is one script and one style
// sheet, and the rest comes in few. Each group takes along all that its modules import and that no group before it has.
const groups = [
  {
    name: 'first',
    // The usual language too: a file of its own would be asked for after this one, and waited for.
    test: /renderer[\\/]main\.tsx$|\.module\.css$|renderer[\\/]text[\\/](plural|en[\\/])|gst[\\/]states\.ts$/,
    priority: 4,
  },
  { name: 'calls', test: /shared[\\/]contract[\\/]ipc\.ts$/, priority: 3 },
  { name: 'panels', test: /renderer[\\/]views[\\/]panel-of\.tsx$/, priority: 2 },
  { name: 'screens', test: /renderer[\\/]views[\\/](purchases|invoices|counters|settings|older-note)/, priority: 1 },
];

// Tells V8 to compile a whole file while it comes in, on another thread, and not each function when it is first called, which
// the user would wait for: most of what a file holds is called as soon as it is here.
const compiledBesides: Plugin = {
  name: 'compiled-besides',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, files) {
      for (const file of Object.values(files)) {
        if (file.type === 'chunk') file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
      }
    },
  },
};

// Everything is a file of its own: the content security policy allows no inline script, style or data other than images.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react(), compiledBesides],
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
