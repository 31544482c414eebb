// Talks to our own server as the signed-in person of this page.

import { t } from './words.js';

const fact = (name) => document.querySelector(`meta[name="as-${name}"]`)?.content ?? '';

/** A refusal as the server says it: `code`, `detail`, `errors` by field. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || t('The server answered %1.', status));
    this.status = status;
    this.code = body?.code ?? 'unknown';
    this.errors = body?.errors ?? [];
    this.body = body ?? {};
  }
}

const headers = () => ({
  'x-session': fact('session'),
  'x-csrf-token': fact('csrf'),
});

/**
 * Whether the server said no for good. After a lost answer, a fault of the server or another call
 * with the same key under way nobody knows yet.
 */
export const isRefusal = (error) =>
  error.status >= 400 && error.status < 500 && error.status !== 409 || error.code === 'slot_taken';

/** What to tell people of an error; what browsers say of a broken line is no help to anybody. */
export const saying = (error) =>
  (error instanceof Problem ? error.message : t('No connection. Try again in a moment.'));

/**
 * Calls the API; POSTs carry a key, so that a repeated call after a lost answer is done once. With
 * a `version` it is done only while that is the present one.
 */
export async function call(method, path, body, { key, version } = {}) {
  const options = { method, headers: headers() };
  if (body !== undefined) {
    options.headers['content-type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  if (version !== undefined) options.headers['if-match'] = `"${version}"`;
  if (method === 'POST' && key) options.headers['idempotency-key'] = key;
  const response = await fetch(`/api/v1${path}`, options);
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    if (response.status === 401) location.reload();
    throw new Problem(response.status, answer);
  }
  return answer;
}

/** Fetches a piece of page. */
export async function fragment(path) {
  const response = await fetch(path, { headers: { accept: 'text/html', 'x-fragment': '1' } });
  if (response.redirected) location.reload();
  if (!response.ok) throw new Problem(response.status, null);
  return response.text();
}

/** Puts a piece of page, made and escaped by our server, in place of an element's content. */
export function replaceContent(element, html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  element.replaceChildren(...parsed.body.childNodes);
}

export const uuid = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
