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
