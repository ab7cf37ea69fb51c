// The composition root of the screen: the only place that reads the clock and makes random things.
import './jitless.ts';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { type AppParts, AppPartsContext } from './app-parts.ts';
import { openBridge, takeToken } from './bridge.ts';
import { makeChannel } from './store/channel.ts';
import type { Clock } from './store/clock.ts';
import { makeCounter } from './store/counter.ts';
import { en } from './text/en.ts';
import { makeFormat } from './text/format.ts';
import { sayNotice } from './text/notice-words.ts';

const clock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };
const counter = makeCounter(makeChannel(openBridge(window, Math.random)), clock.monotonic);
const parts: AppParts = {
  counter,
  clock,
  newIntent: () => crypto.randomUUID(),
  openTab: (url) => {
    window.open(url, '_blank', 'noopener,noreferrer');
  },
  download: (path) => {
    const link = document.createElement('a');
    link.href = path;
    link.download = '';
    link.click();
  },
  text: en,
  format: makeFormat(en.locale),
};

counter.watchNotices((notice) => sayNotice(parts, notice));

// Ages and days left are the counter's to say, so it is asked again when the user comes back, and every minute.
const lookEveryMs = 60_000;
setInterval(() => void counter.read('overview'), lookEveryMs);
window.addEventListener('focus', () => counter.refreshAll());
// A new link opened in this tab carries a new token and only changes the fragment.
window.addEventListener('hashchange', () => {
  if (!window.location.hash.startsWith('#token=')) return;
  takeToken(window);
  window.location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <AppPartsContext value={parts}>
      <App />
    </AppPartsContext>
  </StrictMode>,
);
