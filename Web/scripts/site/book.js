// What a script adds to the booking page: one's own clock, and how long a time is still kept.

import { showOwnTimes } from '../lib/clock.js';
import { t } from '../lib/words.js';

/** `9:07` of what is left; null when nothing is. */
export function left(milliseconds) {
  if (milliseconds <= 0) return null;
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Counts down to the moment when a kept time is let go. The clock of the device may be wrong, so it
    counts from when the page was made. */
function countDown(element) {
  const until = Number(element.dataset.kept);
  const show = () => {
    const text = left(until - Date.now());
    element.textContent = text
      ? t('Kept for you for another %1.', text)
      : t('The time is no longer kept for you. Book quickly, or choose another one.');
    if (text) setTimeout(show, 1000);
  };
  // A clock that is far off would only frighten.
  if (until - Date.now() <= 11 * 60_000 && until > Date.now()) show();
}

if (typeof document !== 'undefined') {
  showOwnTimes();
  for (const element of document.querySelectorAll('[data-kept]')) countDown(element);
}
