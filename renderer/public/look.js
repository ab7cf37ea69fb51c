// Before the first paint: the theme and the language of the last time, so that nothing flashes. See renderer/look.ts, which
// does the same as soon as the counter has said what is chosen.
(() => {
  const root = document.documentElement;
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem('pharmapulse.look'));
  } catch {
    kept = null;
  }
  let theme = kept?.theme ?? 'system';
  if (theme === 'system' && matchMedia('(prefers-contrast: more)').matches) theme = 'contrast';
  if (['light', 'dark', 'contrast'].includes(theme)) root.dataset.theme = theme;
  if (typeof kept?.language === 'string') root.lang = kept.language;
})();
