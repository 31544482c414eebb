// Parts that know neither the page nor the network.

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
