// The calendar works without this; with it, appointments are moved by hand or by keys, and what
// happens elsewhere shows at once.

import { fragment } from '../lib/api.js';
import { debounce, follow } from '../lib/live.js';
import { toast } from '../lib/toast.js';
import { plural, t } from '../lib/words.js';
import { bindDrag } from './drag.js';
import { Grid } from './grid.js';
import './jump.js';
import { Mover } from './mover.js';

const fact = (name) => document.querySelector(`meta[name="as-${name}"]`)?.content ?? '';
const main = document.querySelector('#main');
/** Somebody else may have put a fresh grid in place. */
const gridOf = (element) => {
  const root = element?.closest('[data-calendar]');
  return root && new Grid(root);
};
const present = () => gridOf(document.querySelector('[data-calendar]'));
let active;

// MARK: Said and shown

const voice = document.createElement('div');
voice.className = 'sr-only';
voice.setAttribute('role', 'status');
voice.setAttribute('aria-live', 'assertive');
document.body.append(voice);

let undo;

const mover = new Mover({
  keys: () => active.keys(),
  mark: (targets) => active.mark(targets, mover.picked),
  show: (target, follow) => active.show(target, mover.picked, follow),
  clear: () => active?.clear(),
  describe: (target) => active.describe(target),
  say(words) { voice.textContent = words; },
  done(words, back) {
    const end = toast(words, 'done', back && { label: t('Undo'), key: 'Z', run: () => undo?.() });
    undo = back && (() => {
      end();
      undo = undefined;
      back();
    });
  },
  refused(words, alternatives = [], retry) { note(words, alternatives, retry); },
  refresh: (id) => refresh(id).catch(() => {}),
});

/** Why it was refused, and where it could go instead; stays until something else is done. */
function note(words, alternatives, retry) {
  const place = document.querySelector('[data-calendar-note]');
  if (!place) return;
  place.replaceChildren();
  place.hidden = !words;
  if (!words) return;
  const alert = document.createElement('div');
  alert.className = 'alert alert-late';
  alert.setAttribute('role', 'alert');
  const text = document.createElement('div');
  const said = document.createElement('p');
  said.textContent = alternatives.length
    ? t('%1 Nothing was moved. Free instead:', words) : t('%1 Nothing was moved.', words);
  text.append(said);
  if (alternatives.length) {
    const row = document.createElement('p');
    row.className = 'row';
    for (const slot of alternatives) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-small';
      button.textContent = present().describe({ start: slot.start });
      button.addEventListener('click', () => retry(slot, button.textContent));
      row.append(button);
    }
    text.append(row);
  }
  alert.append(text);
  place.append(alert);
  place.scrollIntoView({ block: 'nearest' });
}

// MARK: Live

let isLate = false;

/** Fetches the page again and puts its grid in place; focus and scrolling stay. */
async function refresh(id) {
  if (mover.isMoving) {
    isLate = true;
    return;
  }
  isLate = false;
  refresh.count = (refresh.count ?? 0) + 1;
  const mine = refresh.count;
  const address = new URL(location.href);
  address.searchParams.delete('moved');
  const page = new DOMParser().parseFromString(
    await fragment(address.pathname + address.search), 'text/html');
  if (mine !== refresh.count) return; // A later answer is here or on its way.
  if (mover.isMoving) {
    isLate = true;
    return;
  }
  const [old, fresh] = [document.querySelector('[data-grid]'), page.querySelector('[data-grid]')];
  if (!old || !fresh) {
    if (!old !== !fresh) location.reload();
    return;
  }
  const focused = old.contains(document.activeElement)
    ? document.activeElement.closest('[data-id]')?.dataset : undefined;
  const wanted = focused?.id ?? (document.activeElement === document.body ? id : undefined);
  const lane = focused?.lane;
  old.replaceWith(fresh);
  if (wanted) {
    const items = [...fresh.querySelectorAll(`[data-id="${CSS.escape(wanted)}"]`)];
    const item = items.find((one) => one.dataset.lane === lane) ?? items[0];
    item?.querySelector('a')?.focus({ preventScroll: true });
    if (id) item?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  for (const part of document.querySelectorAll('[data-live-part]')) {
    const next = page.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
    if (next) part.replaceWith(next);
  }
}

const soon = debounce(() => refresh().catch(() => {}), 300);
const CONCERNS = /^(appointment|hold|busy|schedule|staff|resource|service)\.|^contact\.updated$/;

// Other pages of the portal follow by themselves.
if (main && !('live' in main.dataset)) {
  const [session, account, cursor] = ['session', 'account', 'cursor'].map(fact);
  follow({ session, account, cursor }, CONCERNS, soon);
}

// MARK: Moving

const late = () => {
  if (isLate && !mover.isMoving) soon();
};

bindDrag(mover, (link) => {
  active = gridOf(link);
  return active;
});
document.addEventListener('pointerup', () => setTimeout(late, 0));

async function pickUp(link) {
  active = gridOf(link);
  if (!active.isGrid) {
    location.assign(`${link.getAttribute('href')}/move`);
    return;
  }
  const picked = active.picked(link);
  mover.view.say(t('Looking for free times…'));
  if (!await mover.pick(picked, active.frame)) return;
  const count = mover.targets.filter((target) => !target.isHome).length;
  mover.view.say(plural(count,
    'Picked up %2. %1 free time. Arrows choose, Enter puts it there, Escape leaves it.',
    'Picked up %2. %1 free times. Arrows choose, Enter puts it there, Escape leaves it.',
    picked.name));
}

const ARROWS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];
const isField = (element) => element.matches('input, textarea, select, [contenteditable]');
/** On a Cyrillic layout the letter is another, but the key's place is the same. */
const letter = (event) => (/^Key[A-Z]$/.test(event.code) && !/^[\x20-\x7e]$/.test(event.key)
  ? event.code.slice(3).toLowerCase() : event.key.toLowerCase());

function whileMoving(event) {
  if (ARROWS.includes(event.key)) mover.step(event.key);
  else if (event.key === 'Enter' || event.key === ' ') mover.drop().then(late);
  else if (event.key === 'Escape' || letter(event) === 'm') {
    mover.cancel();
    late();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isField(event.target) || event.target.closest('dialog')) return;
  if (mover.isMoving) {
    whileMoving(event);
    return;
  }
  const key = letter(event);
  const link = event.target.closest('[data-movable]');
  if (link && key === 'm') pickUp(link);
  else if (key === 'z' && undo) undo();
  else if (event.key === '?') help();
  else {
    const target = document.querySelector(`#main a[data-key="${CSS.escape(key)}"]`);
    if (!target || event.repeat) return;
    target.click();
  }
  event.preventDefault();
});

// Whoever goes elsewhere has let go.
document.addEventListener('focusout', (event) => {
  if (mover.isMoving && event.target.matches('[data-movable]') && event.relatedTarget) {
    mover.cancel();
    late();
  }
});

// MARK: Small helps

function help() { document.querySelector('#calendar-keys')?.showModal(); }

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-calendar-help]')) help();
  for (const menu of document.querySelectorAll('.calendar-export[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('.calendar-export[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
for (const one of document.querySelectorAll('[data-with-script]')) one.hidden = false;
/** It opens where it matters: a day at now, a week at what comes earliest on any day. */
function openAtNow() {
  const scroll = document.querySelector('[data-calendar-scroll]');
  if (!scroll || !present().isGrid) return;
  const top = (element) => element.getBoundingClientRect().top;
  const [first] = [...scroll.querySelectorAll('.timegrid-items > [data-id]')]
    .sort((a, b) => top(a) - top(b));
  const now = scroll.querySelector('.now-line');
  const isDay = scroll.closest('[data-calendar]').dataset.view === 'day';
  const mark = isDay ? now ?? first : first ?? now;
  if (!mark) return;
  const frame = scroll.getBoundingClientRect();
  if (mark.getBoundingClientRect().bottom > frame.bottom - 40) {
    scroll.scrollTop += top(mark) - frame.top - frame.height / 3;
  }
}
openAtNow();

const here = new URL(location.href);
if (here.searchParams.has('moved')) {
  here.searchParams.delete('moved');
  history.replaceState(null, '', here);
}
