// Makes the page an app: the service worker, and the switch `[data-push]` that asks for news on
// this device.

import { call } from './api.js';
import { t } from './words.js';
import { toast } from './toast.js';

const bytes = (text) => Uint8Array.from(
	atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

const canPush = () => 'serviceWorker' in navigator && 'PushManager' in window
	&& 'Notification' in window;

/** Registers the worker and makes the switches of the page work. */
export async function startApp(root = document) {
	if (!('serviceWorker' in navigator)) return;
	let worker;
	try {
		worker = await navigator.serviceWorker.register('/sw.js', { scope: '/' });
	} catch {
		return;  // No app then; the page works all the same.
	}
	if (!canPush()) return;
	for (const button of root.querySelectorAll('[data-push]')) {
		button.hidden = false;
		show(button, await worker.pushManager.getSubscription());
		button.addEventListener('click', () => change(button, worker));
	}
}

function show(button, subscription) {
	button.setAttribute('aria-pressed', String(Boolean(subscription)));
}

async function change(button, worker) {
	button.disabled = true;
	try {
		const present = await worker.pushManager.getSubscription();
		if (present) {
			await call('POST', '/me/push_subscriptions/end', { endpoint: present.endpoint });
			await present.unsubscribe();
			show(button, null);
			toast(t('This device is quiet now.'));
			return;
		}
		if (await Notification.requestPermission() !== 'granted') {
			toast(t('The browser does not allow notices. Allow them in its site settings.'));
			return;
		}
		const { public_key: key } = await call('GET', '/me/push_key');
		const made = await worker.pushManager.subscribe({
			userVisibleOnly: true, applicationServerKey: bytes(key),
		});
		const { endpoint, keys } = made.toJSON();
		await call('POST', '/me/push_subscriptions', { endpoint, keys });
		show(button, made);
		toast(t('You will hear of news on this device.'));
	} catch {
		toast(t('That did not work. Try again in a moment.'));
	} finally {
		button.disabled = false;
	}
}
