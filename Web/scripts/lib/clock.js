// The business's times on the reader's clock too, where it shows something else:
// `<time data-at="ms" data-zone="America/New_York">`.

import { t, tag } from './words.js';

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `(Tue 01:00 your time)`; null where both clocks agree. The day is said when it is another. */
export function ownTime(at, zone, own = here()) {
  const on = (name, options) =>
    new Intl.DateTimeFormat(tag, { timeZone: name, hourCycle: 'h23', ...options })
      .format(new Date(at));
  const date = { year: 'numeric', month: 'numeric', day: 'numeric' };
  const clock = { hour: '2-digit', minute: '2-digit' };
  try {
    const isSameDay = on(zone, date) === on(own, date);
    const time = on(own, clock);
    if (isSameDay && on(zone, clock) === time) return null;
    return t('(%1 your time)', isSameDay ? time : `${on(own, { weekday: 'short' })} ${time}`);
  } catch {
    return null;  // A zone that this browser does not know.
  }
}

/** Says it once behind each such time. */
export function showOwnTimes(root = document) {
  for (const element of root.querySelectorAll('time[data-at][data-zone]')) {
    const text = ownTime(Number(element.dataset.at), element.dataset.zone);
    if (!text || element.nextElementSibling?.className === 'own-time') continue;
    const note = document.createElement('span');
    note.className = 'own-time';
    note.textContent = ` ${text}`;
    element.after(note);
  }
}
