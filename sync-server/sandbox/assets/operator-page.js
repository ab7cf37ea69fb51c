// Keeps the operator page's clock ticking and its lists fresh. The lists only when something changed and nobody is at work
// in them: a button must not move away under a finger, nor the focus be lost.

const lists = document.getElementById('lists');
let shown = null;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(lists.dataset.url);
  if (!answer.ok) return;
  const html = await answer.text();
  const busy = lists.contains(document.activeElement) || lists.matches(':hover');
  if (shown !== null && html !== shown && !busy) lists.innerHTML = html;
  if (!busy) shown = html;
}

setInterval(() => {
  // The sandbox may be stopped or starting: the next look will tell, and the lists simply stay as they are.
  refresh().catch((error) => console.warn('the lists were not refreshed:', error.message));
}, 2000);

const clock = document.getElementById('clock-now');
if (clock !== null) {
  const shape = new Intl.DateTimeFormat('en-IN', {
    timeZone: 'Asia/Kolkata',
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const loaded = performance.now();
  setInterval(() => {
    clock.textContent = shape.format(Number(clock.dataset.now) + performance.now() - loaded);
  }, 1000);
}
