// The receptionist's screen: queue | conversation | business and client, live.

import { call, fragment, replaceContent, saying } from '../lib/api.js';
import { keepTimes, refreshTimes } from '../lib/ago.js';
import { debounce, openLine } from '../lib/live.js';
import { toast } from '../lib/toast.js';
import { t } from '../lib/words.js';
import { Composer } from './composer.js';
import { concerns } from './concerns.js';
import { drafts } from './drafts.js';
import { insist } from './insist.js';
import { bindKeys } from './keys.js';
import { neighbour, nextAfter } from './order.js';
import { Side } from './side.js';
import { armSound, chime, soundIsOn, toggleSound } from './sound.js';
import { offerUndo, undoLast } from './undo.js';

const shell = document.querySelector('[data-desk]');
const queue = document.querySelector('#queue');
const thread = document.querySelector('#main');
const title = document.title;
const me = shell.dataset.user;
drafts.begin(me);

let current = shell.dataset.conversation || null;
let composer;
const side = new Side(document.querySelector('#side'), {
  insert: (text) => composer?.insert(text),
});

// MARK: Queue

const items = () => [...queue.querySelectorAll('.queue-item')];
const ids = () => items().map((item) => item.dataset.id);

async function refreshQueue() {
  const query = new URLSearchParams();
  if (shell.dataset.filter) query.set('filter', shell.dataset.filter);
  const focused = document.activeElement?.dataset?.id;
  refreshQueue.count = (refreshQueue.count ?? 0) + 1;
  const mine = refreshQueue.count;
  const html = await fragment(`/desk/queue?${query}`);
  if (mine !== refreshQueue.count) return; // A later answer is already here or on its way.
  replaceContent(queue, html);
  if (focused) queue.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  markCurrent();
  refreshTimes(queue);
  countUnread();
}

const soonQueue = insist(refreshQueue, 60);

function markCurrent() {
  for (const item of items()) {
    if (item.dataset.id === current) item.setAttribute('aria-current', 'true');
    else item.removeAttribute('aria-current');
  }
}

/** The number that shows in the browser's tab. */
function countUnread() {
  const count = items().reduce((sum, item) => sum + Number(item.dataset.unread), 0);
  document.title = count ? `(${count}) ${title}` : title;
  navigator.setAppBadge?.(count).catch(() => {});
}

// MARK: Conversation

async function open(id, { push = true } = {}) {
  if (!id) return;
  const before = current;
  current = id;
  markCurrent();
  shell.dataset.pane = 'conversation';
  try {
    const [threadHTML, sideHTML] = await Promise.all([
      fragment(`/desk/conversations/${id}/thread`), fragment(`/desk/conversations/${id}/side`),
    ]);
    if (current !== id) return; // Another one was opened meanwhile.
    replaceContent(thread, threadHTML);
    side.show(sideHTML, { fresh: true });
  } catch (error) {
    // What is shown and what is meant must be one.
    if (current === id) {
      current = before;
      markCurrent();
    }
    toast(saying(error), 'error');
    return;
  }
  if (push) history.pushState({ id }, '', `/desk/conversations/${id}`);
  wire();
  thread.focus({ preventScroll: true });
}

/** Connects what a freshly shown conversation brought. */
function wire() {
  const form = thread.querySelector('[data-composer]');
  composer = form ? new Composer(form, { onSent: () => refreshLog() }) : undefined;
  scrollDown();
  refreshTimes(thread);
  markRead();
}

const log = () => thread.querySelector('[data-log]');

function scrollDown() {
  const list = log();
  if (list) list.scrollTop = list.scrollHeight;
}

async function refreshLog() {
  const id = current;
  const list = log();
  if (!id || !list) return;
  const html = await fragment(`/desk/conversations/${id}/log`);
  if (current !== id) return;
  // Someone reading further up is not thrown down.
  const wasDown = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  replaceContent(list, html);
  refreshTimes(list);
  if (wasDown) scrollDown();
}

const soonLog = insist(refreshLog, 30);
const soonHead = insist(async () => {
  const id = current;
  const head = thread.querySelector('[data-thread-head]');
  if (!head || !id) return;
  const html = await fragment(`/desk/conversations/${id}/head`);
  if (id === current) replaceContent(head, html);
}, 50);
const soonSide = insist(async () => {
  const id = current;
  if (!id || side.isBusy) return;
  const html = await fragment(`/desk/conversations/${id}/side`);
  if (id === current && !side.isBusy) side.show(html);
}, 150);

/** Read is what somebody has before their eyes. */
const markRead = debounce(() => {
  if (!current || document.visibilityState !== 'visible') return;
  const unread = queue.querySelector(`[data-id="${CSS.escape(current)}"]`)?.dataset.unread;
  if (unread === '0' && !log()?.querySelector('.message-incoming:not([data-status="read"])')) return;
  call('POST', `/conversations/${current}/read`).catch(() => {});
}, 200);

function showTyping(payload) {
  const line = thread.querySelector('[data-typing]');
  if (!line || (payload.by === 'office' && payload.user_id === me)) return;
  const who = payload.by === 'contact'
    ? t('The client is typing…') : t('%1 is writing here too…', payload.name);
  line.textContent = payload.state === 'on' ? who : '';
  clearTimeout(showTyping.timer);
  if (payload.state === 'on') showTyping.timer = setTimeout(() => { line.textContent = ''; }, 8000);
}

// MARK: Live

function onEvent(type, data) {
  if (type === 'typing') {
    if (data.subject === current) showTyping(data.payload ?? {});
    return;
  }
  const account = side.element.querySelector('[data-account]')?.dataset.account;
  const old = concerns(type, data, { current, account });
  if (old.queue) soonQueue();
  if (type === 'message.received') {
    if (!old.isCurrent || document.visibilityState !== 'visible') chime();
    if (old.isCurrent) markRead();
  }
  if (old.log) soonLog();
  if (old.head) soonHead();
  if (old.side) soonSide();
}

let wasLost = false;
openLine({
  session: 'office',
  after: shell.dataset.cursor,
  onEvent,
  onState(state) {
    document.querySelector('[data-line]')?.setAttribute('data-state', state);
    if (state === 'open' && wasLost) {
      soonQueue();
      soonLog();
      soonHead();
      soonSide();
    }
    wasLost = state === 'lost';
  },
});

// MARK: Acts

async function setStatus(status) {
  const id = current;
  if (!id) return;
  const body = { status };
  if (status === 'snoozed') {
    body.snoozed_until = new Date(Date.now() + 3600000).toISOString();
  }
  const { status: before, until } = thread.querySelector('[data-status-now]')?.dataset ?? {};
  try {
    const { version } = await call('POST', `/conversations/${id}/status`, body);
    const said = {
      resolved: t('Resolved.'), open: t('Open again.'), snoozed: t('Back in an hour.'),
      pending: t('Parked.'),
    }[status];
    if (status === 'open') toast(said, 'done');
    else offerUndo(said, { id, version, before, until }, () => open(id));
    if (status !== 'open' && current === id) openNext();
  } catch (error) {
    toast(saying(error), 'error');
  }
}

const openNext = () => open(nextAfter(ids(), current));
const step = (by) => open(neighbour(ids(), current, by));

async function take(user) {
  if (!current) return;
  try {
    await call('POST', `/conversations/${current}/assign`, { user_id: user });
  } catch (error) {
    toast(saying(error), 'error');
  }
}

async function setDuty(button) {
  const isOn = button.getAttribute('aria-pressed') !== 'true';
  try {
    await call('PUT', '/me/duty', { is_on_duty: isOn });
    button.setAttribute('aria-pressed', String(isOn));
    button.querySelector('[data-duty-text]').textContent = isOn ? t('On duty') : t('Off duty');
  } catch (error) {
    toast(saying(error), 'error');
  }
}

const help = document.querySelector('#keys');
const acts = {
  reply: () => composer?.focus('reply'),
  note: () => composer?.focus('note'),
  canned: () => {
    composer?.focus('reply');
    composer?.insert('/');
  },
  book: () => current && side.open('book'),
  inquiry: () => current && side.open('inquiry'),
  knowledge: () => current && side.open('business'),
  client: () => current && side.open('client'),
  resolve: () => setStatus('resolved'),
  reopen: () => setStatus('open'),
  snooze: () => setStatus('snoozed'),
  undo: undoLast,
  take: () => take(me),
  release: () => take(null),
  back: () => { shell.dataset.pane = 'queue'; },
  side: () => { shell.dataset.pane = 'business'; },
  thread: () => { shell.dataset.pane = 'conversation'; },
  help: () => (help.open ? help.close() : help.showModal()),
  sound: (button) => button.setAttribute('aria-pressed', String(toggleSound())),
  duty: setDuty,
};

document.addEventListener('click', (event) => {
  const item = event.target.closest('.queue-item');
  if (item && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    open(item.dataset.id);
    return;
  }
  const filter = event.target.closest('[data-filter-to]');
  if (filter) {
    shell.dataset.filter = filter.dataset.filterTo;
    soonQueue();
    return;
  }
  const button = event.target.closest('[data-act]');
  if (button) acts[button.dataset.act]?.(button);
});

document.addEventListener('booked', () => {
  soonLog();
  side.tab = 'book';
});

const map = {
  r: acts.reply, n: acts.note, b: acts.book, i: acts.inquiry, k: acts.knowledge, c: acts.client,
  e: acts.resolve, s: acts.snooze, z: acts.undo, t: acts.take, j: () => step(1), u: () => step(-1),
  '?': acts.help, '/': acts.canned,
  Escape: () => {
    if (help.open) return false;
    thread.focus();
    return true;
  },
};
for (let digit = 1; digit <= 9; digit += 1) {
  map[digit] = () => open(ids()[digit - 1]);
}
bindKeys(map);

addEventListener('popstate', (event) => {
  if (event.state?.id) open(event.state.id, { push: false });
});
document.addEventListener('visibilitychange', () => markRead());
document.querySelector('[data-act="sound"]')?.setAttribute('aria-pressed', String(soundIsOn()));

armSound();
keepTimes();
markCurrent();
countUnread();
if (current) {
  history.replaceState({ id: current }, '', location.href);
  side.show(document.querySelector('#side').innerHTML);
  wire();
}
