// Takes the pictures of printed documents, as another program (pdf.js in a browser) shows them. Part of `npm run pictures`.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { printDocument } from '../../sync-server/print/document.ts';
import { parseFonts } from '../../sync-server/print/fonts.ts';
import { samples } from '../unit/print/samples.ts';
import { findBrowser } from './browser.ts';
import { root } from './program.ts';

const pictures = { invoice: 'ordinary', 'credit-note': 'hindi credit note' } as const;
const library = (file: string) => readFileSync(join(root, 'node_modules', 'pdfjs-dist', 'legacy', 'build', file));
const shown = `<!doctype html><title>a document</title><canvas></canvas><script type="module">
  import { getDocument, GlobalWorkerOptions } from '/pdf.min.mjs';
  GlobalWorkerOptions.workerSrc = '/pdf.worker.min.mjs';
  const page = await (await getDocument({ url: '/document.pdf' }).promise).getPage(1);
  const viewport = page.getViewport({ scale: 1.6 });
  const canvas = document.querySelector('canvas');
  Object.assign(canvas, { width: viewport.width, height: viewport.height });
  await page.render({ canvas, viewport }).promise;
  document.title = 'shown';
</script>`;

const folder = join(root, 'docs', 'screens');
mkdirSync(folder, { recursive: true });
const executablePath = findBrowser();
const browser = await chromium.launch(executablePath === null ? {} : { executablePath, args: ['--no-sandbox'] });
const fonts = parseFonts();
for (const [name, sample] of Object.entries(pictures)) {
  const document = samples[sample];
  if (document === undefined) throw new Error(`no sample ${sample}`);
  const pdf = await printDocument(document, fonts);
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: shown });
    if (path === '/document.pdf') return route.fulfill({ contentType: 'application/pdf', body: pdf });
    return path.endsWith('.mjs')
      ? route.fulfill({ contentType: 'text/javascript', body: library(path.slice(1)) })
      : route.abort();
  });
  await page.goto('http://pictures.test/');
  await page.waitForFunction("document.title === 'shown'", null, { timeout: 60_000 });
  await page.locator('canvas').screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
await browser.close();
