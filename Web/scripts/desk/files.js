// Files on their way into a message: chosen, dropped or pasted, sent in pieces that go on where a
// broken line stopped them.

import { call, Problem, saying, uuid } from '../lib/api.js';
import { t } from '../lib/words.js';

/** Bytes in one request: small enough to show progress, large enough to be quick. */
const PIECE = 4 << 20;
const MOST = 10;
const PAUSES = [500, 1500, 4000, 10_000];

/** The files of each conversation outlive the composer that shows them. */
const trays = new Map();

const fact = (name) => document.querySelector(`meta[name="as-${name}"]`)?.content ?? '';

async function tus(method, path, headers, body) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      'tus-resumable': '1.0.0', 'x-session': fact('session'), 'x-csrf-token': fact('csrf'),
      ...headers,
    },
    body,
  });
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
  return response.headers;
}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const pause = (time) => new Promise((done) => { setTimeout(done, time); });

/** Sends one file; answers its id. `onProgress` hears how much is there, from 0 to 1. */
export async function sendFile(account, file, { onProgress = () => {}, isWanted = () => true } = {}) {
  const metadata = [`filename ${base64(file.name || t('Picture'))}`];
  if (file.type) metadata.push(`filetype ${base64(file.type)}`);
  const made = await tus('POST', `/accounts/${account}/files`, {
    'upload-length': String(file.size), 'upload-metadata': metadata.join(','),
    'idempotency-key': uuid(),
  });
  const id = made.get('location').split('/').pop();
  let offset = 0;
  let failures = 0;
  while (offset < file.size) {
    if (!isWanted()) {
      call('DELETE', `/files/${id}`).catch(() => {});
      return null;
    }
    try {
      const answer = await tus('PATCH', `/files/${id}`, {
        'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream',
      }, file.slice(offset, offset + PIECE));
      offset = Number(answer.get('upload-offset'));
      failures = 0;
      onProgress(offset / file.size);
    } catch (error) {
      // A refusal stays one; after a broken line the server says how far it came.
      if (error instanceof Problem && error.status < 500 && error.status !== 409) throw error;
      if (failures === PAUSES.length) throw error;
      await pause(PAUSES[failures]);
      failures += 1;
      const state = await tus('HEAD', `/files/${id}`, {}).catch(() => null);
      if (state) offset = Number(state.get('upload-offset'));
    }
  }
  return id;
}

/** The files below the text: what is on its way, what is there, what went wrong. */
export class FileTray {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector('[data-files]');
    this.account = form.dataset.account;
    const { conversation } = form.dataset;
    if (!trays.has(conversation)) trays.set(conversation, []);
    this.items = trays.get(conversation);
    if (!this.list) return;
    for (const item of this.items) item.show = () => this.show();
    const input = form.querySelector('[data-attach]');
    input.addEventListener('change', () => {
      this.add(input.files);
      input.value = '';
    });
    form.addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
    form.addEventListener('dragover', (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return;
      event.preventDefault();
      form.classList.toggle('is-dropping', true);
    });
    form.addEventListener('dragleave', () => form.classList.toggle('is-dropping', false));
    form.addEventListener('drop', (event) => {
      form.classList.toggle('is-dropping', false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.add(event.dataTransfer.files);
    });
    this.show();
  }

  add(files) {
    for (const file of files) {
      if (this.items.length >= MOST) break;
      const item = { name: file.name || t('Picture'), done: 0, show: () => this.show() };
      this.items.push(item);
      sendFile(this.account, file, {
        isWanted: () => this.items.includes(item),
        onProgress: (done) => {
          item.done = done;
          item.show();
        },
      }).then((id) => { item.id = id; }, (error) => { item.problem = saying(error); })
        .finally(() => item.show());
    }
    this.show();
  }

  remove(item) {
    const place = this.items.indexOf(item);
    if (place >= 0) this.items.splice(place, 1);
    if (item.id) call('DELETE', `/files/${item.id}`).catch(() => {});
    this.show();
  }

  ready() { return this.items.filter(({ id }) => id).map(({ id }) => id); }

  isBusy() { return this.items.some(({ id, problem }) => !id && !problem); }

  /** These are in a message now. */
  sent(ids) {
    for (const id of ids) this.items.splice(this.items.findIndex((item) => item.id === id), 1);
    this.show();
  }

  show() {
    if (!this.list) return;
    this.list.hidden = !this.items.length;
    this.list.replaceChildren(...this.items.map((item) => this.line(item)));
  }

  line(item) {
    const line = document.createElement('li');
    const face = document.createElement('span');
    face.className = 'attachment';
    const name = document.createElement('span');
    name.className = 'truncate';
    name.dir = 'auto';
    name.textContent = item.name;
    face.append(name);
    if (item.problem) {
      const problem = document.createElement('span');
      problem.className = 'field-error';
      problem.textContent = item.problem;
      face.append(problem);
    } else if (!item.id) {
      const bar = document.createElement('progress');
      bar.value = item.done;
      bar.setAttribute('aria-label', t('Sending %1', item.name));
      face.append(bar);
    }
    const away = document.createElement('button');
    away.type = 'button';
    away.className = 'btn btn-quiet btn-icon btn-small';
    away.setAttribute('aria-label', t('Take %1 away', item.name));
    away.textContent = '×';
    away.addEventListener('click', () => this.remove(item));
    line.append(face, away);
    return line;
  }
}
