// The conversation with the office.

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
