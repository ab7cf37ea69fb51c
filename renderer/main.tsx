// The composition root of the screen: the only place that reads the clock and makes random things.
import './jitless.ts';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { useStore } from 'zustand';
import { App } from './app.tsx';
import { type AppParts, AppPartsContext } from './app-parts.ts';
import { openBridge, takeToken } from './bridge.ts';
import { onComingBack, type Page } from './coming-back.ts';
import { keepLook, keptLook, showTheme } from './look.ts';
import { makeChannel } from './store/channel.ts';
import type { Clock } from './store/clock.ts';
import { makeCounter } from './store/counter.ts';
import { makeSpeech } from './store/speech.ts';
import { languages } from './text/languages.ts';
import { sayNotice } from './text/notice-words.ts';

const clock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };
/** The shapes of what the first sight does not need are built after it: that takes a slow PC a tenth of a second. */
const seen = Promise.withResolvers<void>();
const fetchCalls = async () => {
  await seen.promise;
  return import('../shared/contract/ipc.ts');
};
const counter = makeCounter(makeChannel(openBridge(window, Math.random), fetchCalls), clock.monotonic);
const speech = makeSpeech(languages, navigator.languages, document.documentElement);
const fixed: Omit<AppParts, 'text' | 'format'> = {
  counter,
  clock,
  speech,
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
};

const moreContrast = window.matchMedia('(prefers-contrast: more)');
const themeNow = () => {
  const theme = counter.state.getState().settings.value?.theme ?? keptLook(localStorage)?.theme ?? 'system';
  showTheme(document.documentElement, theme, moreContrast.matches);
};
moreContrast.addEventListener('change', themeNow);
counter.state.subscribe(({ settings: { value } }, before) => {
  if (value === null || value === before.settings.value) return;
  keepLook(localStorage, { theme: value.theme, language: value.language });
  themeNow();
  void speech.speak(value.language);
});

// Ages and days left are the counter's to say, so it is asked again when the user comes back, and every minute.
const lookEveryMs = 60_000;
setInterval(() => void counter.read('overview'), lookEveryMs);
onComingBack(window as Page, () => {
  counter.refreshAll();
  void counter.syncNow();
});
// A new link opened in this tab carries a new token and only changes the fragment.
window.addEventListener('hashchange', () => {
  if (!window.location.hash.startsWith('#token=')) return;
  takeToken(window);
  window.location.reload();
});

function Root() {
  const spoken = useStore(speech.state, (state) => state.spoken);
  const parts = useMemo(() => (spoken === null ? null : { ...fixed, ...spoken }), [spoken]);
  if (parts === null) return null;
  return (
    <AppPartsContext value={parts}>
      <App />
    </AppPartsContext>
  );
}

/** So long the first sight waits for the counter's answer: grey boxes that are gone at once would only flash. */
const patienceMs = 250;
const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Resolves when the counter has said it, or does not answer. */
function known(view: 'settings' | 'overview'): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      const { [view]: asked, link } = counter.state.getState();
      if (asked.value === null && asked.error === null && link !== 'down') return;
      stop();
      resolve();
    };
    const stop = counter.state.subscribe(look);
    look();
  });
}

/**
 * The first words are in the user's language: the one of the last time here, else the one that the counter says. While it has
 * not said it, the system's is fetched, which it mostly is.
 */
async function start(root: HTMLElement): Promise<void> {
  const kept = keptLook(localStorage);
  const spoken = speech.speak(kept?.language ?? null);
  if (kept === null) {
    await known('settings');
    await speech.speak(counter.state.getState().settings.value?.language ?? null);
  }
  await spoken;
  await Promise.race([known('overview'), after(patienceMs)]);
  counter.watchNotices((notice) => {
    const { spoken } = speech.state.getState();
    if (spoken === null) throw new Error('a notice came before there were words');
    return sayNotice(spoken, notice);
  });
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
  await known('overview');
  requestIdleCallback(() => seen.resolve(), { timeout: 1_000 });
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');
void start(root);
