// The empty page of the same stack: React and a dialog of Base UI, and none of our screens. What it costs, ours cannot be without.
import { Dialog } from '@base-ui/react/dialog';
import { createElement as h, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Empty() {
  const [open, setOpen] = useState(false);
  return h(
    'main',
    null,
    h('button', { type: 'button', id: 'open', onClick: () => setOpen(true) }, 'Open'),
    h('div', { className: 'scroller' }, h('div', { className: 'tall' })),
    h(
      Dialog.Root,
      { open, onOpenChange: setOpen },
      h(
        Dialog.Portal,
        null,
        h(Dialog.Popup, null, h(Dialog.Title, null, 'Dialog'), h(Dialog.Close, { id: 'close' }, 'Close')),
      ),
    ),
  );
}

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(h(StrictMode, null, h(Empty)));
