// What is done before the screen's own script is here, which a slow PC waits a third of a second for. It must stay a plain script.
(() => {
  // The theme and the language of the last time, before the first paint, so that nothing flashes. See renderer/look.ts, which does the
  // same as soon as the counter has said what is chosen.
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

// What the first sight shows is asked for already. renderer/early.ts says what becomes of it.
window.early = (() => {
  const asked = ['overview.get', 'settings.get'];
  const heard = [];
  if (window.bridge !== undefined) {
    const stop = window.bridge.subscribe((notice) => heard.push(notice));
    return { asked, heard, stop, answers: asked.map((call) => window.bridge.call(call, {})) };
  }
  const token = /^#token=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1] ?? sessionStorage.getItem('pharmapulse.token');
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/bridge`;
  const socket = new WebSocket(url, token === null ? ['pharmapulse.v1'] : ['pharmapulse.v1', `token.${token}`]);
  const ask = () => {
    for (const [at, call] of asked.entries()) socket.send(JSON.stringify({ id: at + 1, call, input: {} }));
  };
  const hear = ({ data }) => heard.push(data);
  socket.addEventListener('open', ask);
  socket.addEventListener('message', hear);
  return { asked, heard, stop: () => socket.removeEventListener('message', hear), socket };
})();

// The first amount and the first date that a page writes cost a slow PC a tenth of a second: the browser then reads its tables of the
// language. Done as soon as the page is parsed nobody waits for that, since the screen's script is still being compiled.
document.addEventListener(
  'readystatechange',
  () => {
    const locale = `${document.documentElement.lang}-IN`;
    const rupees = { style: 'currency', currency: 'INR' };
    const date = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'Asia/Kolkata' };
    new Intl.NumberFormat(locale, rupees).format(0);
    new Intl.DateTimeFormat(locale, date).format(0);
    new Intl.RelativeTimeFormat(locale);
  },
  { once: true },
);
