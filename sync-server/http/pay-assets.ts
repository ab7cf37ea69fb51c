// The pay page's style and script, served from our own origin so that the page needs nothing inline.
export const payCss = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #5b6b7b; --paper: #ffffff; --ground: #eef2f5; --accent: #0b6e5f;
  --line: #d8e0e7; --bad: #a3261a; --warn: #7a4b00; --warnground: #fff3d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef3; --soft: #a4b3c0; --paper: #18222c; --ground: #0f161d;
  --accent: #4cc3ad; --line: #2c3a47; --bad: #ff9d92; --warn: #ffd58a; --warnground: #3a2c0b; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, 'Segoe UI', 'Noto Sans', sans-serif; display: flex; flex-direction: column; }
main { width: min(26rem, calc(100vw - 2rem)); margin: 8vh auto; padding: 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: 14px; }
.test { margin: 0; padding: .6rem 1rem; text-align: center; background: var(--warnground); color: var(--warn); font-weight: 600; }
.seller { margin: 0 0 .25rem; color: var(--soft); }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; }
.state-paid { color: var(--accent); }
dl { margin: 0 0 1.25rem; padding: 1rem 0; border-block: 1px solid var(--line); display: grid; gap: .6rem; }
dl div { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; }
dt { color: var(--soft); } dd { margin: 0; font-size: 1.25rem; font-weight: 650; font-variant-numeric: tabular-nums; white-space: nowrap; }
.until dd { font-size: 1rem; }
.button { display: block; width: 100%; padding: .9rem 1rem; border: 0; border-radius: 10px; background: var(--accent); color: var(--paper);
  font: inherit; font-weight: 650; text-align: center; text-decoration: none; cursor: pointer; }
.button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.failure { color: var(--bad); } .hint { margin: 1.25rem 0 0; color: var(--soft); }
`;

export const payJs = `
'use strict';
(() => {
  const status = document.getElementById('status');
  const button = document.getElementById('pay');
  if (button) {
    const options = JSON.parse(button.dataset.options);
    const spoken = new URLSearchParams(location.search).get('lang');
    // The way back leads to the page in the same language. Where the provider was told of it before (a redirect), the browser's counts.
    if (spoken !== null) {
      const back = new URL(options.callback_url);
      back.searchParams.set('lang', spoken);
      options.callback_url = back.href;
    }
    button.addEventListener('click', () => {
      if (typeof window.Razorpay !== 'function') {
        status.textContent = status.dataset.unreachable;
        return;
      }
      new window.Razorpay(options).open();
    });
  }
  const before = document.body.dataset.state;
  const stateUrl = location.pathname + '/state' + location.search;
  let waits = 2000;
  const look = async () => {
    try {
      const answer = await fetch(stateUrl, { cache: 'no-store' });
      if (answer.ok && (await answer.json()).state !== before) { location.reload(); return; }
    } catch (error) {
      status.textContent = status.dataset.offline;
    }
    waits = Math.min(waits * 1.2, 15000);
    setTimeout(look, waits);
  };
  if (before === 'awaiting_payment') setTimeout(look, waits);
})();
`;

export const payIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6e5f"/><path d="M16 8v16M8 16h16" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>`;
