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
