// The service worker of desk and portal: an answer without a network, and news from Web Push.
// Pages are never kept: they hold what clients said.

const SHELL = 'shell-1';
const OFFLINE = '/offline';
const STYLES = ['public.css', 'tokens.css', 'base.css', 'components.css', 'forms.css', 'overlays.css', 'site.css'];
const KEPT = [OFFLINE, '/assets/images/mark.svg', ...STYLES.map((name) => `/assets/styles/${name}`)];

self.addEventListener('install', (event) => {
	event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(KEPT))
		.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
	event.waitUntil(caches.keys()
		.then((names) => Promise.all(
			names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
		.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	if (request.method !== 'GET') return;
	if (request.mode === 'navigate') {
		event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
	} else if (KEPT.includes(new URL(request.url).pathname)) {
		event.respondWith(fetch(request).catch(() => caches.match(request)));
	}
});

self.addEventListener('push', (event) => {
	let news = {};
	try {
		news = event.data?.json() ?? {};
	} catch { /* Not ours: shown without words, since something must be shown. */ }
	event.waitUntil(self.registration.showNotification(news.title || 'Autosecretary', {
		body: news.text || '', tag: news.tag || undefined, icon: '/assets/images/icon-192.png',
		badge: '/assets/images/badge-96.png', data: { path: local(news.path) },
	}));
});

self.addEventListener('notificationclick', (event) => {
	event.notification.close();
	const { path } = event.notification.data;
	event.waitUntil(self.clients.matchAll({ type: 'window', includeUncontrolled: true })
		.then(async (pages) => {
			const place = path.split('/')[1];
			const open = pages.find((page) => new URL(page.url).pathname.split('/')[1] === place);
			if (!open) return self.clients.openWindow(path);
			await open.focus();
			return open.navigate(path);
		}));
});

/** Only paths of ours are opened. */
function local(path) {
	return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : '/';
}
