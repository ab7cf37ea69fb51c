// What is run inside the page that is measured, as text, since it is not this program that runs it. Each is an expression for
// `page.evaluate`.

/**
 * Milliseconds from pressing `press` to the frame that shows `answers`, and to the one that shows `shows`. All are expressions that
 * find an element.
 */
export const pressToShown = (press: string, answers: string, shows: string) => `new Promise((done, fail) => {
  const pressed = ${press};
  if (!pressed) return fail(new Error(${JSON.stringify(`nothing to press: ${press}`)}));
  const begun = performance.now();
  const took = () => performance.now() - begun;
  let answered;
  // A message that is sent in a frame comes when that frame has been laid out and painted.
  const painted = (then) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  };
  const look = () => {
    const all = ${shows};
    if (answered === undefined && (all || ${answers})) painted(() => { answered ??= took(); });
    if (all) return painted(() => done([answered, took()]));
    if (took() > 10_000) return fail(new Error(${JSON.stringify(`never shown: ${shows}`)}));
    requestAnimationFrame(look);
  };
  pressed.click();
  requestAnimationFrame(look);
})`;

/**
 * Milliseconds from the start of the page's loading to the frame in which `shows` is there and the page takes a press. Looked for
 * when the page has changed and not every few milliseconds, which would be work that the slowed processor does for us.
 */
export const openedToShown = (shows: string) => `new Promise((done) => {
  const look = () => {
    if (!(${shows})) return;
    changed.disconnect();
    setTimeout(() => requestAnimationFrame(() => done(performance.now())));
  };
  const changed = new MutationObserver(look);
  changed.observe(document, { childList: true, subtree: true, characterData: true });
  look();
})`;

/** Scrolls so many pixels a frame for so long, turning at the ends; answers the milliseconds of every frame. */
export const scrollFrames = (scroller: string, pixels: number, ms: number) => `new Promise((done) => {
  const box = ${scroller};
  const frames = [];
  const begun = performance.now();
  let before = begun;
  let by = ${pixels};
  const frame = (now) => {
    if (now > before) frames.push(now - before);
    before = now;
    const at = box.scrollTop;
    box.scrollTop = at + by;
    if (box.scrollTop === at) by = -by;
    if (now - begun < ${ms}) requestAnimationFrame(frame);
    else done(frames.slice(1));
  };
  requestAnimationFrame(frame);
})`;

export const byText = (tag: string, text: string) =>
  `[...document.querySelectorAll(${JSON.stringify(tag)})].find((one) => one.textContent.trim().startsWith(${JSON.stringify(text)}))`;
export const bySelector = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`;
