// The portal works without this; with it, pages follow what happens and rows need no round trip.

import { fragment } from '../lib/api.js';
import { showOwnTimes } from '../lib/clock.js';
import '../lib/copy.js';
import { debounce, follow } from '../lib/live.js';
import { toast } from '../lib/toast.js';
import { t } from '../lib/words.js';
import { bindCopyMonday, bindRows } from './rows.js';

const fact = (name) => document.querySelector(`meta[name="as-${name}"]`)?.content ?? '';
const main = document.querySelector('#main');

// MARK: Live

/** Whether somebody is busy in the page, so that it must not change under their hands. */
function isInUse() {
  const focused = document.activeElement;
  if (focused?.matches('input, textarea, select')) return true;
  return main.querySelector('details.confirm[open], .is-moving') !== null;
}

/** Where the day's times have been scrolled to. */
function scrolled() {
  const grid = main.querySelector('[data-calendar-scroll]');
  return [grid?.scrollLeft ?? 0, grid?.scrollTop ?? 0];
}

/** Fetches the page again and puts its main part in place; focus and open tables stay. */
async function refresh() {
  if (isInUse()) {
    soon();
    return;
  }
  const address = new URL(location.href);
  address.searchParams.delete('saved');
  const html = await fragment(address.pathname + address.search);
  const page = new DOMParser().parseFromString(html, 'text/html');
  const fresh = page.querySelector('#main');
  if (!fresh || isInUse()) return;
  const focused = document.activeElement?.closest('#main a[href]')?.getAttribute('href');
  const open = [...main.querySelectorAll('details')].map((details) => details.open);
  const [left, top] = scrolled();
  const note = main.querySelector('[data-calendar-note]:not([hidden])');
  main.replaceChildren(...fresh.childNodes);
  main.querySelector('[data-calendar-scroll]')?.scrollTo(left, top);
  // Why a move was refused is still to be read.
  if (note) main.querySelector('[data-calendar-note]')?.replaceWith(note);
  showOwnTimes(main);
  main.querySelectorAll('details').forEach((details, place) => {
    details.open = open[place] ?? false;
  });
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  for (const name of ['.side-nav > ul']) {
    const [old, next] = [document.querySelector(name), page.querySelector(name)];
    if (old && next && !old.contains(document.activeElement)) old.replaceWith(next);
  }
}

const soon = debounce(() => refresh().catch(() => {}), 400);
const CONCERNS = /^(appointment|inquiry|message|conversation|busy|schedule|staff|service)\./;

if (main && 'live' in main.dataset) {
  const [session, account, cursor] = ['session', 'account', 'cursor'].map(fact);
  follow({ session, account, cursor }, CONCERNS, soon);
}

// MARK: Small helps

if (main) showOwnTimes(main);

/** The word of a saved form has done its work once read: a reload should not repeat it. */
const here = new URL(location.href);
if (here.searchParams.has('saved')) {
  here.searchParams.delete('saved');
  history.replaceState(null, '', here);
}

/** Menus made of details close as menus do. */
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('.person[open], .account-switcher[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('.person[open], .account-switcher[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

/** Nothing typed is lost by a slip. */
for (const form of document.querySelectorAll('main form.form[method="post"]')) {
  let changed = document.querySelector('.alert-late') !== null;
  form.addEventListener('input', () => {
    changed = true;
  });
  form.addEventListener('submit', () => {
    changed = false;
  });
  addEventListener('beforeunload', (event) => {
    if (changed) event.preventDefault();
  });
  const change = () => {
    changed = true;
  };
  bindRows(form, change);
  bindCopyMonday(form, change);
}

main?.querySelector('[aria-invalid="true"]')?.focus();
