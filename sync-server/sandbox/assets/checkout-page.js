// What the checkout page does: tabs, the two ways to end a payment, and handing the result on: by a form post to the
// seller's callback, by a message to the page that holds this one in a frame, or, opened by itself, on the page.

const main = document.getElementById('checkout');
const { payUrl, callback, cancel, parent: parentOrigin } = main.dataset;
const byId = (id) => document.getElementById(id);
const status = byId('status');

const tellParent = (kind, result) => window.parent.postMessage({ kind, result }, parentOrigin);

function leave() {
  if (parentOrigin) tellParent('dismissed');
  else if (cancel) location.assign(cancel);
  else if (history.length > 1) history.back();
  else status.textContent = 'You can close this page now.';
}
byId('close').addEventListener('click', leave);
document.addEventListener('keydown', (event) => event.key === 'Escape' && leave());

/** `{error: {code, metadata}}` → `error[code]`, `error[metadata]`: the fields in which the result is posted. */
function fieldsOf(result) {
  if (!result.error) return Object.entries(result);
  return Object.entries(result.error).map(([name, value]) => [
    `error[${name}]`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

function postToSeller(result) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = callback;
  for (const [name, value] of fieldsOf(result)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

function showPaid(result) {
  byId('form').hidden = true;
  byId('desk-title').hidden = true;
  byId('result').hidden = false;
  byId('result-text').textContent = `Payment ${result.razorpay_payment_id}`;
  byId('result-title').focus();
}

function showFailure(text) {
  const failure = byId('failure');
  failure.hidden = false;
  failure.textContent = text;
}

async function ask(body) {
  const answer = await fetch(payUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { ok: answer.ok, result: await answer.json() };
}

async function play(body) {
  const buttons = main.querySelectorAll('form button');
  for (const button of buttons) button.disabled = true;
  status.textContent = 'Asking the bank that is not there…';
  byId('failure').hidden = true;
  try {
    const { ok, result } = await ask(body);
    status.textContent = '';
    if (!ok) showFailure(result.error.description);
    else if (result.go_to) {
      status.textContent = 'Going back to the seller…';
      location.assign(result.go_to);
      return;
    } else if (callback) {
      status.textContent = 'Going back to the seller…';
      postToSeller(result);
      return;
    } else if (result.error) {
      showFailure(`${result.error.description} You can try again.`);
      if (parentOrigin) tellParent('failed', result);
    } else if (parentOrigin) tellParent('paid', result);
    else showPaid(result);
  } catch (error) {
    status.textContent = '';
    showFailure(`The sandbox did not answer: ${error.message}`);
  }
  for (const button of buttons) button.disabled = false;
}

const tabs = [...main.querySelectorAll('[role=tab]')];
function choose(tab) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute('aria-selected', String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    byId(other.getAttribute('aria-controls')).hidden = !chosen;
  }
  tab.focus();
}
for (const [place, tab] of tabs.entries()) {
  tab.addEventListener('click', () => choose(tab));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) choose(tabs[(place + step + tabs.length) % tabs.length]);
  });
}

function way() {
  const chosen = tabs.find((tab) => tab.getAttribute('aria-selected') === 'true');
  if (chosen?.id === 'tab-card') return { method: 'card' };
  return { method: 'upi', instrument: main.querySelector('[name=vpa]:checked').value };
}

byId('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  play({ action: 'pay', ...way() });
});
byId('fail')?.addEventListener('click', () => play({ action: 'fail', ...way(), reason: byId('reason').value }));
byId('desk-title').focus();
