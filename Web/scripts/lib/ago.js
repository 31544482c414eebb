// Times that count up on the page: `<time data-since="ms">`.

import { t } from './words.js';

/** How long since, short: `now`, `4m`, `2h`, `3d`. */
export function ago(milliseconds) {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60000);
  if (minutes < 1) return t('now');
  if (minutes < 60) return t('%1m', minutes);
  if (minutes < 1440) return t('%1h', Math.floor(minutes / 60));
  return t('%1d', Math.floor(minutes / 1440));
}

/** Minutes of waiting after which a conversation is late. */
const LATE = 5;

export function refreshTimes(root = document, now = Date.now()) {
  for (const element of root.querySelectorAll('time[data-since]')) {
    const age = now - Number(element.dataset.since);
    element.textContent = ago(age);
    if ('waiting' in element.dataset) {
      element.classList.toggle('late', age >= LATE * 60000);
    }
  }
}

export function keepTimes() {
  refreshTimes();
  setInterval(refreshTimes, 15000);
}
