// Keeps the operator page's clock and lists fresh. The lists only when something changed and nobody is at work in them: a
// button must not move away under a finger, nor the focus be lost.

const lists = document.getElementById('lists');
const clock = document.getElementById('clock-now');
let shown = null;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(lists.dataset.url);
  if (!answer.ok) return;
  const now = answer.headers.get('x-test-clock');
  if (clock !== null && now !== null) clock.textContent = now;
  const html = await answer.text();
  const busy = lists.contains(document.activeElement) || lists.matches(':hover');
  if (shown !== null && html !== shown && !busy) lists.innerHTML = html;
  if (!busy) shown = html;
}

setInterval(() => {
  // The sandbox may be stopped or starting: the next look will tell, and the lists simply stay as they are.
  refresh().catch((error) => console.warn('the lists were not refreshed:', error.message));
}, 2000);
