// The chat button that a business puts on its own site:
//   <script src="https://office.example/widget.js" data-inbox="inb_…" async></script>
// The page isn't ours: no cookies, one global, markup in a shadow root, data only as text nodes.
(() => {
'use strict';

const WORDS = {
	en: {
		you: 'You', open: 'Open chat', close: 'Close', log: 'Messages', unread: 'unread',
		write: 'Write a message…', send: 'Send', sending: 'Sending…', sent: 'Sent', read: 'Read',
		delivered: 'Delivered', failed: 'Not sent', retry: 'Try again', remove: 'Delete',
		latest: 'Latest messages',
		connecting: 'Connecting…',
		offline: 'You are offline. Messages will be sent when you are back.',
		typing: '{} is typing…', talking: '{} is answering you',
	},
	ru: {
		you: 'Вы', open: 'Открыть чат', close: 'Закрыть', log: 'Сообщения',
		unread: 'не прочитано', write: 'Напишите сообщение…', send: 'Отправить',
		sending: 'Отправляется…', sent: 'Отправлено', read: 'Прочитано', delivered: 'Доставлено',
		failed: 'Не отправлено', retry: 'Повторить', remove: 'Удалить',
		latest: 'Последние сообщения',
		connecting: 'Соединяемся…',
		offline: 'Нет сети. Сообщения уйдут, когда она появится.',
		typing: '{} печатает…', talking: 'Вам отвечает {}',
	},
};

// --- Pure parts

/** Full jitter between 0.5 s and a ceiling that doubles up to 15 s. */
const backoff = (attempt, random) =>
	500 + Math.floor(random() * (Math.min(15_000, 1_000 * 2 ** attempt) - 500));

/** Reads text/event-stream piece by piece; a piece may end anywhere, even between CR and LF. */
function sseParser(onEvent) {
	let rest = '', afterCR = false, data = [], event = '', id = '';
	const takeLine = (line) => {
		if (!line) {
			if (data.length) onEvent({ event: event || 'message', data: data.join('\n'), id });
			data = [];
			event = '';
			return;
		}
		const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
		if (field === 'data') data.push(value);
		if (field === 'event') event = value;
		if (field === 'id') id = value;
	};
	return (piece) => {
		if (!piece) return;
		const lines = (rest + (afterCR ? piece.replace(/^\n/, '') : piece)).split(/\r\n|\n|\r/);
		afterCR = piece.endsWith('\r');
		rest = lines.pop();
		if (rest.length > 1_000_000) throw new Error('endless line');
		lines.forEach(takeLine);
	};
}

const LINK = /(\bhttps?:\/\/(?:\([^\s()]*\)|[^\s()<>"'`])*(?:\([^\s()]*\)|[^\s()<>"'`.,;:!?…»\]}]))/i;

/** Text and links in turn; only http and https can become links. */
const linkParts = (text) => text.split(LINK);

const textNodes = (document, text) => linkParts(text).map((part, index) => {
	if (index % 2 === 0) return document.createTextNode(part);
	const link = document.createElement('a');
	link.href = link.textContent = part;
	link.target = '_blank';
	link.rel = 'noopener noreferrer nofollow';
	return link;
});

/** The business's colour, and white or black on it, whichever can be read. */
function palette(color) {
	const accent = /^#[0-9a-f]{6}$/i.test(color) ? color : '#2563eb';
	const [r, g, b] = accent.match(/\w\w/g).map((hex) => (parseInt(hex, 16) / 255) ** 2.2);
	return { accent, ink: 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.183 ? '#fff' : '#111' };
}

/** localStorage under a prefix; memory where the browser or a full disk refuses it. */
function safeStorage(open, prefix) {
	const memory = new Map();
	return {
		get(name) {
			try { return memory.get(name) ?? open().getItem(prefix + name); } catch { return ''; }
		},
		set(name, value) {
			memory.delete(name);
			try {
				open()[value ? 'setItem' : 'removeItem'](prefix + name, value);
			} catch { memory.set(name, value); }
		},
	};
}

/**
 * What the visitor sent and the office hasn't acknowledged. Storage is the only copy and is read
 * afresh each time, so that a reload or a second tab sees the same list.
 */
function createOutbox(store) {
	const items = () => {
		try {
			return JSON.parse(store.get(':outbox') || '[]').filter((item) => item.source_id && item.text);
		} catch { return []; }
	};
	const write = (list) => store.set(':outbox', list.length ? JSON.stringify(list) : '');
	const others = (id) => items().filter((item) => item.source_id !== id);
	return {
		items,
		next: () => items().find((item) => !item.failed),
		add(item) {
			const list = others(item.source_id);
			if (list.length < 50) write([...list, item]);
			return list.length < 50;
		},
		remove: (id) => write(others(id)),
		fail: (id) => write(
			items().map((item) => (item.source_id === id ? { ...item, failed: true } : item))),
	};
}

/** The messages in the office's order, without doubles. */
function createThread() {
	const ranks = ['queued', 'sent', 'delivered', 'read'];
	// Answers and events overtake each other: "read" never falls back to "sent".
	const later = (old, now) => (ranks.indexOf(now) < ranks.indexOf(old) ? old : now);
	let list = [];
	return {
		all: () => list,
		upsert(message) {
			if (!message?.id || typeof message.text !== 'string') return;
			let known = list.find(({ id, source_id }) => id === message.id
				|| (source_id && source_id === message.source_id));
			const status = later(known?.status, message.status);
			if (!known) list.push(known = {});
			Object.assign(known, message, { status, at: Date.parse(message.created_at) || 0 });
			list.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
			list = list.slice(-500);
		},
		receipt(ids, status) {
			for (const message of list) {
				if (ids?.includes(message.id)) message.status = later(message.status, status);
			}
		},
		/** The office's messages after the last one that was read. */
		unread() {
			const theirs = list.filter((message) => message.direction === 'outgoing');
			return theirs.slice(theirs.findLastIndex((message) => message.status === 'read') + 1);
		},
	};
}

/** Says "on" at most every 3 s while someone types, and "off" once when they stop. */
function typingNotice({ now, setTimeout, clearTimeout }, say) {
	let saidAt = 0, idle;
	const stop = () => {
		clearTimeout(idle);
		if (saidAt) say('off');
		saidAt = 0;
	};
	const input = () => {
		if (now() - saidAt >= 3_000) {
			saidAt = now();
			say('on');
		}
		clearTimeout(idle);
		idle = setTimeout(stop, 5_000);
	};
	return { input, stop };
}

// --- The conversation with the office

function createClient({ base, inbox, env, changed }) {
	const { fetch, setTimeout, clearTimeout } = env;
	const store = safeStorage(env.storage, `autosecretary:${inbox}`);
	const outbox = createOutbox(store), thread = createThread(), naps = new Set();
	const state = { agent: '', typing: '', trouble: false };
	let flushing = false, listening = false, hurry = false, typingTimer;
	let stream, cursor, cursorToken, heardAt = 0, seen;

	const token = () => store.get('');
	const isPermanent = (status) => /^4(?!01|08|25|29)/.test(status);
	const typing = typingNotice(env, (now) => token() && request('POST', '/typing', { state: now }));

	const pause = ({ wait }, attempt) => new Promise((resolve) => {
		const done = () => { naps.delete(done); resolve(); };
		naps.add(done);
		setTimeout(done, wait || backoff(attempt, env.random));
	});

	const call = (method, path, body, bearer, signal) =>
		fetch(`${base}/widget/v1/${encodeURIComponent(inbox)}${path}`, {
			method, signal, credentials: 'omit', cache: 'no-store',
			body: body && JSON.stringify(body),
			headers: {
				...(body && { 'Content-Type': 'application/json' }),
				...(bearer && { Authorization: `Bearer ${bearer}` }),
			},
		});

	const answerOf = (response, data) => ({
		data,
		status: response.status,
		wait: Math.min(response.headers.get('retry-after') * 1_000, 300_000) || 0,
	});

	/** Never throws: no answer at all is status 0. */
	async function request(method, path, body, bearer = token()) {
		try {
			const response = await call(method, path, body, bearer, AbortSignal.timeout(20_000));
			return answerOf(response, await response.json().catch(() => null));
		} catch { return { status: 0 }; }
	}

	/** Another tab may have put a newer token there meanwhile: that one stays. */
	const forget = (used) => used === token() && store.set('', '');

	async function createSession() {
		const answer = await request('POST', '/sessions', {}, '');
		if (answer.data?.token) {
			store.set('', answer.data.token);
			wake(true);
		}
		return answer;
	}

	async function flush() {
		if (flushing) return;
		flushing = true;
		let attempt = 0;
		for (let item; (item = outbox.next());) {
			let used = token(), answer;
			if (!used) {
				answer = await createSession();
				used = token();
			}
			if (used) {
				const { source_id, text } = item;
				answer = await request('POST', '/messages', { source_id, text }, used);
			}
			if (answer.status < 300 && answer.data?.message) {
				acknowledge(answer.data.message);
				outbox.remove(item.source_id);
				attempt = 0;
			} else if (isPermanent(answer.status)) {
				outbox.fail(item.source_id);
			} else {
				if (answer.status === 401) forget(used);
				changed();
				if (answer.status !== 401 || attempt) await pause(answer, attempt);
				attempt++;
			}
			changed();
		}
		flushing = false;
	}

	function acknowledge(message) {
		thread.upsert(message);
		if (message?.source_id) outbox.remove(message.source_id);
	}

	async function listen() {
		if (listening) return;
		listening = true;
		let attempt = 0;
		for (let used; (used = token());) {
			const began = env.now();
			const answer = await follow(used).catch(() => ({ status: 0 }));
			// The business left, or forbade this site: only a wake-up asks again.
			if (/403|404/.test(answer.status)) break;
			if (answer.status === 401) forget(used);
			if (!token()) break;
			if (env.now() - began > 5_000) attempt = 0;
			state.trouble = attempt > 0;
			changed();
			if (!hurry) await pause(answer, attempt++);
			hurry = false;
		}
		listening = false;
		flush();
	}

	/** One life of the stream: from the last cursor until it breaks or falls silent. */
	async function follow(used) {
		if (cursorToken !== used) cursor = null;
		cursorToken = used;
		if (!cursor) {
			const answer = await request('GET', '/messages', null, used);
			if (!answer.data?.data) return answer;
			answer.data.data.forEach(acknowledge);
			cursor = answer.data.cursor;
			changed();
		}
		const control = stream = new AbortController();
		let silence;
		const heard = () => {
			heardAt = env.now();
			clearTimeout(silence);
			silence = setTimeout(() => control.abort(), 40_000);
		};
		heard();
		try {
			const path = `/stream?after=${encodeURIComponent(cursor ?? '')}`;
			const response = await call('GET', path, null, used, control.signal);
			if (!response.ok) {
				// Perhaps a cursor that the office no longer knows: begin with the latest messages.
				if (isPermanent(response.status)) cursor = null;
				return answerOf(response);
			}
			state.trouble = false;
			changed();
			sayRead();
			const parse = sseParser(take), decoder = new TextDecoder();
			const reader = response.body.getReader();
			for (let piece; !(piece = await reader.read()).done;) {
				heard();
				parse(decoder.decode(piece.value, { stream: true }));
			}
			return { status: 0 };
		} finally {
			clearTimeout(silence);
			control.abort();
			stream = null;
		}
	}

	function take({ event, data, id }) {
		let body = null;
		try { body = JSON.parse(data); } catch { /* not ours: only its id counts */ }
		const { message, message_ids, status, state: now, name } = body ?? {};
		if (event === 'message') acknowledge(message);
		if (event === 'receipt') thread.receipt(message_ids, status);
		if (event === 'assigned') state.agent = name;
		if (event === 'typing') setTyping(now === 'on' ? name || '…' : '');
		if (message?.direction === 'outgoing') setTyping('');
		cursor = id || cursor;
		changed();
	}

	function setTyping(name) {
		state.typing = name;
		clearTimeout(typingTimer);
		if (name) typingTimer = setTimeout(() => { setTyping(''); changed(); }, 15_000);
	}

	async function sayRead() {
		const id = seen;
		if (!id || !token()) return;
		const { status } = await request('POST', '/read', { message_id: id });
		if (status === 204 && seen === id) seen = '';
	}

	/** The network or the tab is back; `anew` distrusts even a stream that seems open. */
	function wake(anew) {
		naps.forEach((done) => done());
		if (stream && (anew || env.now() - heardAt > 40_000)) {
			hurry = true;
			stream.abort();
		}
		listen();
		flush();
	}

	return {
		state, store, thread, outbox, typing, wake, listen, pause,
		config: () => request('GET', '/config', null, ''),
		/** Hours may have changed. */
		follow(now) {
			setTimeout(async () => {
				Object.assign(now, (await this.config()).data);
				changed();
				this.follow(now);
			}, now.valid_for * 1000);
		},
		/** A second try keeps its source_id: if the office has it already, it stays one message. */
		send(text, source_id = env.uuid()) {
			typing.stop();
			const isKept = outbox.add({ source_id, text, at: env.now() });
			flush();
			return isKept;
		},
		markRead() {
			const last = thread.unread().at(-1);
			if (!last) return;
			last.status = 'read';
			seen = last.id;
			sayRead();
		},
		/** What the log shows: acknowledged messages, then what is on its way. */
		rows() {
			const order = (row) => (row.status === 'sending' ? Infinity : row.at);
			return [...thread.all(), ...outbox.items()].map((message) => {
				const { id, source_id, text, at, failed, author, status } = message;
				if (message.direction === 'outgoing') {
					return { key: id, text, at, name: author?.name || '', own: false, status: '' };
				}
				const ticks = /read|delivered/.test(status) ? status : 'sent';
				const fate = id ? ticks : failed ? 'failed' : 'sending';
				return { key: source_id || id, text, at, name: '', own: true, status: fate };
			}).sort((a, b) => order(a) - order(b) || 0);
		},
	};
}

// --- What the visitor sees

const STYLES = `
:host { all: initial; --bg: #fff; --soft: #f2f2f4; --edge: #e2e2e7; --text: #18181b; --dim: #5d5d66;
	--bad: #c01c1c; --strong: color-mix(in oklab, var(--accent) 60%, var(--text));
	color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; color: var(--text) }
@media (prefers-color-scheme: dark) { :host { --bg: #18181b; --soft: #2b2b30; --edge: #38383f;
	--text: #f4f4f5; --dim: #a8a8b2; --bad: #ff8a8a } }
* { box-sizing: border-box; margin: 0 }
[hidden] { display: none !important }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer }
:focus-visible { outline: 2px solid; outline-offset: 2px }
.sr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
.launcher, .panel, .pop { position: fixed; z-index: 2147483000; bottom: 88px; right: 20px;
	background: var(--bg); border: 1px solid var(--edge); border-radius: 16px;
	box-shadow: 0 8px 32px #0003 }
.round { flex: none; width: 40px; height: 40px; padding: 0; border-radius: 50%; display: grid;
	place-items: center; font: 600 20px system-ui; background: var(--accent); color: var(--ink) }
.launcher { bottom: 20px; width: 56px; height: 56px; border: 0; border-radius: 50% }
.launcher::before { content: ''; width: 26px; height: 24px; border: 3px solid;
	border-radius: 50% 50% 50% 4px }
[aria-expanded=true]::before { content: '✕'; border: 0 }
.badge { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 5px;
	border: 2px solid var(--bg); border-radius: 12px; background: #c01c1c; color: #fff;
	font-size: 12px; line-height: 18px }
.pop { display: flex; max-width: min(300px, 100vw - 40px) }
.pop button:first-child { padding: 12px 0 12px 16px; text-align: start }
.pop span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
	overflow: hidden; overflow-wrap: anywhere }
.plain { background: none; color: var(--dim); font-size: 16px }
.panel { display: flex; flex-direction: column; width: 380px; height: min(640px, 100dvh - 108px);
	overflow: hidden }
.head { display: flex; align-items: center; gap: 12px; padding: 12px 8px 12px 16px;
	border-bottom: 1px solid var(--edge) }
.head div { flex: 1; min-width: 0 }
h2 { font-size: 16px; overflow-wrap: anywhere }
.line, .typing, .day, .name, .meta { font-size: 13px; color: var(--dim) }
.online::before { content: ''; display: inline-block; margin-inline-end: 6px; border: 4px solid #16a34a;
	border-radius: 50% }
.banner { padding: 8px 16px; background: var(--soft); font-size: 13px }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 4px 16px 12px;
	outline-offset: -2px }
.day { margin-top: 16px; text-align: center }
.row { display: grid; justify-items: start; margin-top: 12px }
.next { margin-top: 3px }
.own { justify-items: end }
.bubble { max-width: 85%; padding: 8px 12px; border-radius: 16px; background: var(--soft);
	white-space: pre-wrap; overflow-wrap: anywhere }
.own .bubble { background: var(--accent); color: var(--ink) }
a { color: inherit }
.name, .meta { margin: 2px 4px; font-size: 12px }
.meta button { color: var(--text); text-decoration: underline }
.read i { color: var(--strong) }
.failed span { color: var(--bad) }
i { margin: 0 8px 0 4px; letter-spacing: -.4em; font-style: normal }
.foot { position: relative; border-top: 1px solid var(--edge) }
.latest { position: absolute; bottom: calc(100% + 8px); left: 50%; translate: -50%; font-size: 13px;
	padding: 6px 14px; border: 1px solid var(--edge); border-radius: 16px; background: var(--bg) }
.typing { padding: 6px 16px 0 }
.typing::before { content: '••• '; animation: fade .7s infinite alternate }
@keyframes fade { to { opacity: .3 } }
form { display: flex; align-items: end; gap: 8px; padding: 10px 12px }
textarea { flex: 1; min-width: 0; max-height: 132px; padding: 8px 14px; resize: none;
	color: inherit; font: 16px/22px system-ui; background: var(--bg); border: 1px solid var(--dim);
	border-radius: 20px }
textarea:focus { outline: 2px solid var(--strong); outline-offset: -1px }
textarea::placeholder { color: var(--dim); opacity: 1 }
@media (max-width: 479px) {
	.panel { inset: var(--top, 0) 0 auto; width: auto; height: var(--height, 100dvh); border: 0;
		border-radius: 0 }
	[aria-expanded=true] { display: none }
}
@media (prefers-reduced-motion) { .typing::before { animation: none } }
@media print { :host { display: none } }`;

/** Strings become text nodes; each finds its own writing direction. */
function el(kind, attributes = {}, ...children) {
	const [tag, ...classes] = kind.split('.');
	const node = document.createElement(tag);
	node.className = classes.join(' ');
	node.dir = 'auto';
	for (const key in attributes) node.setAttribute(key, attributes[key]);
	node.append(...children);
	return node;
}

/** Only news touch the node: a live region doesn't repeat itself. */
function label(node, text) {
	node.hidden = !text;
	if (text && node.textContent !== String(text)) node.textContent = text;
}

function createView(client, config) {
	const language = /^ru\b/i.test(config.locale) ? 'ru' : 'en', words = WORDS[language];
	const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
	const calendar = new Intl.DateTimeFormat(language, { dateStyle: 'full' });
	const phone = matchMedia('(max-width: 479px)'), drawn = new Map();
	const { state } = client;
	let isModal = false, returnTo, lastKey;

	const host = el('autosecretary-chat', { lang: language });
	const root = host.attachShadow({ mode: 'open' }), sheet = new CSSStyleSheet();
	sheet.replaceSync(STYLES);
	root.adoptedStyleSheets = [sheet];
	const { accent, ink } = palette(config.color);
	host.style.setProperty('--accent', accent);
	host.style.setProperty('--ink', ink);

	const name = config.name || '', badge = el('span.badge', { 'aria-hidden': true });
	const launcher = el('button.round.launcher', { 'aria-controls': 'panel' }, badge);
	const cross = () => el('button.round.plain', { 'aria-label': words.close }, '✕');
	const popText = el('button'), popClose = cross(), shut = cross();
	const pop = el('div.pop', {}, popText, popClose), spoken = el('div.sr', { role: 'status' });
	const line = el('p.line'), banner = el('p.banner', { role: 'status' });
	const log = el('div.log', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions',
		'aria-label': words.log, tabindex: 0 });
	const latest = el('button.latest'), typing = el('p.typing');
	const field = el('textarea', { rows: 1, maxlength: 10_000, enterkeyhint: 'send',
		placeholder: words.write, 'aria-label': words.write });
	const form = el('form', {}, field, el('button.round', { 'aria-label': words.send }, '↑'));
	const panel = el('section.panel', { id: 'panel', role: 'dialog', 'aria-labelledby': 'title' },
		el('div.head', {}, el('span.round', { 'aria-hidden': true }, [...name.trim()][0] ?? ''),
			el('div', {}, el('h2', { id: 'title' }, name), line), shut),
		banner, log, el('div.foot', {}, latest, typing, form));
	const greeting = el('div.row', {},
		el('div.bubble', {}, ...textNodes(document, config.greeting || '')));
	root.append(panel, pop, launcher, spoken);

	const dayOf = (at) => new Date(at).toDateString();

	const isNext = (row, before) => before?.own === row.own && before.name === row.name
		&& row.at - before.at < 300_000 && dayOf(row.at) === dayOf(before.at);

	const action = (word, run) => {
		const button = el('button', {}, word);
		button.onclick = () => { run(); render(); field.focus(); };
		return button;
	};

	function metaOf({ key, own, text, at, status }, isLast) {
		if (status === 'failed') {
			return [el('span', {}, words.failed), action(words.retry, () => client.send(text, key)),
				action(words.remove, () => client.outbox.remove(key))];
		}
		const ticks = el('i', { 'aria-hidden': true }, { sending: '', sent: '✓' }[status] ?? '✓✓');
		const word = el(isLast || status === 'sending' ? 'span' : 'span.sr', {}, words[status] || '');
		return own ? [clock.format(at), ticks, word] : [clock.format(at)];
	}

	/** A node is kept by its key and changed in place, so that a screen reader says it once. */
	function keep(key, kind, look, fill) {
		const entry = drawn.get(key) ?? { node: el(kind) };
		if (entry.look !== look) fill(entry.node);
		entry.look = look;
		drawn.set(key, entry);
		return entry.node;
	}

	function bubble(row, before, after, isLast) {
		const follows = isNext(row, before);
		const isQuiet = after && isNext(after, row) && after.status === row.status
			&& row.status !== 'failed';
		const look = JSON.stringify([row, follows, isQuiet, isLast]);
		return keep(row.key, 'div.row', look, (node) => {
			if (!node.firstChild) {
				node.append(el('div'), el('div.bubble'), el('div'));
			}
			const [title, body, meta] = node.children;
			node.classList.toggle('own', row.own);
			node.classList.toggle('next', follows);
			title.className = row.name && !follows ? 'name' : 'sr';
			title.textContent = row.own ? words.you : row.name || name;
			if (body.textContent !== row.text) body.replaceChildren(...textNodes(document, row.text));
			meta.className = `${isQuiet ? 'sr' : 'meta'} ${row.status}`;
			meta.replaceChildren(...metaOf(row, isLast));
		});
	}

	function drawLog() {
		const rows = client.rows(), lastOwn = rows.findLast((row) => row.own), nodes = [];
		if (config.greeting) nodes.push(greeting);
		rows.forEach((row, index) => {
			const before = rows[index - 1], day = dayOf(row.at), date = calendar.format(row.at);
			if (!before || dayOf(before.at) !== day) {
				nodes.push(keep(day, 'div.day', date, (node) => label(node, date)));
			}
			nodes.push(bubble(row, before, rows[index + 1], row === lastOwn));
		});
		for (const [key, { node }] of drawn) {
			if (!nodes.includes(node)) { node.remove(); drawn.delete(key); }
		}
		nodes.forEach((node, index) => {
			if (log.children[index] !== node) log.insertBefore(node, log.children[index] ?? null);
		});
		return rows.at(-1);
	}

	const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

	function offerLatest() {
		label(latest, !isAtEnd() && `↓ ${words.latest}`);
	}

	function toEnd() {
		log.scrollTop = log.scrollHeight;
		offerLatest();
	}

	function render() {
		const { agent, trouble, isOpen, typing: who } = state;
		const wasAtEnd = isAtEnd();
		label(typing, who && words.typing.replace('{}', () => who));
		label(line, agent ? words.talking.replace('{}', () => agent)
			: config.reply_time);
		line.classList.toggle('online', !!(agent || config.online));
		label(banner, !navigator.onLine ? words.offline : trouble ? words.connecting : '');

		const last = drawLog(), isNew = last?.key !== lastKey;
		lastKey = last?.key;
		if (wasAtEnd || (isNew && last?.own)) toEnd(); else offerLatest();
		if (isOpen && !document.hidden) client.markRead();

		const unread = isOpen ? [] : client.thread.unread(), news = unread.at(-1);
		label(badge, unread.length || '');
		launcher.setAttribute('aria-expanded', isOpen);
		launcher.setAttribute('aria-label', isOpen ? words.close
			: words.open + (news ? `, ${words.unread}: ${unread.length}` : ''));
		pop.hidden = !news || client.store.get(':hidden') === news.id;
		if (pop.hidden || pop.dataset.id === news.id) return;
		pop.dataset.id = news.id;
		const from = news.author?.name || name, text = news.text.slice(0, 200);
		popText.replaceChildren(el('b', {}, from), el('span', {}, text));
		spoken.textContent = `${from}: ${text}`;
	}

	function grow() {
		const wasAtEnd = isAtEnd();
		field.style.height = 'auto';
		field.style.height = `${field.scrollHeight + 2}px`;
		if (wasAtEnd) toEnd();
	}

	function send() {
		const text = field.value.replaceAll('\0', '').trim();
		if (!text || !client.send(text)) return;
		field.value = '';
		write();
		render();
	}

	function write() {
		grow();
		client.store.set(':draft', field.value);
		if (field.value) client.typing.input(); else client.typing.stop();
	}

	function show(now, isFocused = true) {
		const at = document.activeElement, hadFocus = at === host;
		if (now && panel.hidden) returnTo = hadFocus || at === document.body ? launcher : at;
		state.isOpen = now;
		panel.hidden = !now;
		cover();
		render();
		if (now) {
			toEnd();
			grow();
			if (isFocused) field.focus();
		} else if (hadFocus) returnTo?.focus();
	}

	/** Full-screen on a phone, the chat is modal: the page behind it can't be reached. */
	function cover() {
		const isModalNow = state.isOpen && phone.matches;
		if (isModal !== isModalNow) document.body.inert = isModal = isModalNow;
		panel.setAttribute('aria-modal', isModal);
	}

	/** Above the on-screen keyboard. */
	function fit() {
		panel.style.setProperty('--height', `${visualViewport.height}px`);
		panel.style.setProperty('--top', `${visualViewport.offsetTop}px`);
	}

	launcher.onclick = () => show(!state.isOpen);
	shut.onclick = () => show(false);
	popText.onclick = () => show(true);
	popClose.onclick = () => {
		client.store.set(':hidden', pop.dataset.id);
		launcher.focus();
		render();
	};
	latest.onclick = () => { toEnd(); field.focus(); };
	log.onscroll = offerLatest;
	field.oninput = write;
	field.onblur = client.typing.stop;
	field.onkeydown = (event) => {
		// While an input method composes a word, Enter belongs to it.
		if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		send();
	};
	form.onsubmit = (event) => { event.preventDefault(); send(); field.focus(); };
	// The page's own shortcuts must not fire on what is typed here.
	host.onkeyup = host.onkeypress = (event) => event.stopPropagation();
	host.onkeydown = (event) => {
		event.stopPropagation();
		if (event.key === 'Escape' && !event.isComposing && state.isOpen) show(false);
	};
	phone.onchange = cover;
	for (const kind of ['resize', 'scroll']) visualViewport.addEventListener(kind, fit);

	field.value = client.store.get(':draft') || '';
	return { host, show, render };
}

// --- Start

/** Not crypto.randomUUID: a business's page may still be plain http. */
const uuid = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
	(digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

async function start(script) {
	const inbox = script?.dataset.inbox;
	if (!inbox || window.Autosecretary) return;
	let view, answer = {};
	const client = createClient({
		base: new URL(script.src).origin,
		inbox,
		changed: () => view?.render(),
		env: {
			uuid, fetch, setTimeout, clearTimeout, now: Date.now, random: Math.random,
			storage: () => localStorage,
		},
	});
	const { state } = client;
	const show = (now) => { state.isOpen = now; view?.show(now); };
	state.isOpen = script.dataset.open === 'true';
	window.Autosecretary = {
		open: () => show(true), close: () => show(false), toggle: () => show(!state.isOpen),
	};
	for (let attempt = 0; attempt < 6 && !/200|403|404/.test(answer.status); attempt++) {
		if (attempt) await client.pause(answer, attempt);
		answer = await client.config();
	}
	if (answer.status !== 200 || !answer.data) {
		console.warn(`Autosecretary: no chat on this page (${answer.status || 'no answer'}).`);
		return;
	}
	view = createView(client, answer.data);
	// Beside <body>: pages that swap their body keep the chat.
	document.documentElement.append(view.host);
	view.show(state.isOpen, false);
	client.wake();
	client.follow(answer.data);

	const on = (target, kind, run) =>
		target.addEventListener(kind, () => { run?.(); view.render(); });
	on(window, 'online', () => client.wake(true));
	on(window, 'offline');
	on(window, 'storage', client.listen);
	on(document, 'visibilitychange', () => document.hidden || client.wake());
}

if (typeof document === 'undefined') {
	// In tests: hand out the parts and start nothing.
	globalThis.__autosecretaryTest = { WORDS, backoff, sseParser, linkParts, textNodes, palette,
		safeStorage, createOutbox, createThread, typingNotice, createClient };
} else {
	start(document.currentScript ?? document.querySelector('script[data-inbox]'));
}
})();
