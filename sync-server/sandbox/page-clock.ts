// Owns the operator page's clock: what time it is for server, sandbox and counters, and the buttons that move it on.

import { type Html, html, time } from './html.ts';
import { button, type Place, typedButton } from './page-parts.ts';
import { inField, type Moment, steps } from './test-time.ts';

export interface ShownTime {
  readonly now: Date;
  readonly moments: readonly Moment[];
}

export function clockBar(place: Place, { now, moments }: ShownTime): Html {
  return html`<section class="clock" aria-labelledby="clock-title">
  <div class="clock-now">
    <h2 id="clock-title">Test clock</h2>
    <p class="clock-time"><time id="clock-now">${time(now.getTime())}</time> <small>in India</small></p>
    <p class="clock-hint">Server, bank and counters go by this time. It only goes forward, and stays after a restart.</p>
  </div>
  <div class="clock-moves">
    <div class="clock-row" role="group" aria-label="Move on by">
      ${steps.map((by) => button(place, { do: 'clock', by }, `+1 ${by}`))}
      ${typedButton(place, { do: 'clock' }, 'Go to', {
        ...{ name: 'to', label: 'Date and time in India', type: 'datetime-local' },
        value: inField(now),
        step: '1',
      })}
    </div>
    ${moments.length > 0 && html`<ul class="moments" aria-label="What lies ahead">${moments.map((moment) => momentLine(place, moment))}</ul>`}
  </div>
</section>`;
}

function momentLine(place: Place, { title, at }: Moment): Html {
  const before = new Date(at.getTime() - 1000);
  return html`<li><span>${title} <small>${time(at.getTime())}</small></span>
    ${button(place, { do: 'clock', at: before.toISOString() }, '1 second before')}
    ${button(place, { do: 'clock', at: at.toISOString() }, 'Go there')}</li>`;
}
