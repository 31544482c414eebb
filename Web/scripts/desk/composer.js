// Writing to the client or a note among ourselves; drafts are kept per conversation and kind.

import { call, uuid } from '../lib/api.js';
import { toast } from '../lib/toast.js';
import { t } from '../lib/words.js';
import { drafts } from './drafts.js';
import { FileTray } from './files.js';

/** Wires the composer of a freshly shown conversation. */
export class Composer {
  constructor(form, { onSent }) {
    this.form = form;
    this.id = form.dataset.conversation;
    this.text = form.querySelector('textarea');
    this.picker = form.querySelector('[data-canned]');
    this.onSent = onSent;
    this.setMode(drafts.of(this.id).mode);
    this.files = new FileTray(form);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener('input', () => this.changed());
    this.text.addEventListener('keydown', (event) => this.key(event));
    this.text.addEventListener('blur', () => this.typing('off'));
    for (const button of form.querySelectorAll('[data-mode]')) {
      button.addEventListener('click', () => {
        this.setMode(button.dataset.mode);
        this.text.focus();
      });
    }
    for (const item of this.cannedItems()) {
      item.addEventListener('click', () => this.insertCanned(item));
    }
  }

  /** Reply and note are two texts: what was meant for us never turns into a word to the client. */
  setMode(mode) {
    if (this.mode !== mode) {
      const draft = drafts.of(this.id);
      this.text.value = draft[mode];
      // A note that was begun stays one when the conversation is shown again.
      if (this.mode) drafts.keep(this.id, mode, draft[mode]);
      this.grow();
    }
    this.mode = mode;
    this.form.dataset.mode = mode;
    for (const button of this.form.querySelectorAll('[data-mode]')) {
      button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
    }
    this.text.placeholder = mode === 'note'
      ? t('A note that only the office sees')
      : t('Write to the client — / for canned responses');
  }

  focus(mode) {
    if (mode) this.setMode(mode);
    this.text.focus();
  }

  /** Puts prepared text where the cursor is. */
  insert(text) {
    const { selectionStart: start, selectionEnd: end, value } = this.text;
    const gap = start > 0 && !/\s$/.test(value.slice(0, start)) ? ' ' : '';
    this.text.setRangeText(gap + text, start, end, 'end');
    this.changed();
    this.text.focus();
  }

  changed() {
    drafts.keep(this.id, this.mode, this.text.value);
    this.grow();
    this.filterCanned();
    if (this.mode === 'reply') this.typing(this.text.value.trim() ? 'on' : 'off');
  }

  grow() {
    this.text.rows = Math.min(8, Math.max(2, this.text.value.split('\n').length));
  }

  /** At most one word about typing in three seconds. */
  typing(state) {
    const now = Date.now();
    if (state === this.typingState && (state === 'off' || now - this.typingAt < 3000)) return;
    if (state === 'off' && this.typingState === undefined) return;
    this.typingState = state;
    this.typingAt = now;
    call('POST', `/conversations/${this.id}/typing`, { state }).catch(() => {});
    clearTimeout(this.idle);
    if (state === 'on') this.idle = setTimeout(() => this.typing('off'), 6000);
  }

  // Canned responses: `/word` narrows, arrows choose, Enter or Tab inserts.

  cannedItems() {
    return [...(this.picker?.querySelectorAll('[data-text]') ?? [])];
  }

  filterCanned() {
    const match = /(^|\s)\/(\S*)$/.exec(this.text.value.slice(0, this.text.selectionStart));
    if (!this.picker || !match) return this.closePicker();
    const word = match[2].toLowerCase();
    let first;
    for (const item of this.cannedItems()) {
      const fits = item.dataset.shortcut.startsWith(word)
        || item.textContent.toLowerCase().includes(word);
      item.hidden = !fits;
      item.setAttribute('aria-selected', 'false');
      if (fits) first ??= item;
    }
    this.picker.hidden = !first;
    first?.setAttribute('aria-selected', 'true');
    return undefined;
  }

  closePicker() {
    if (this.picker) this.picker.hidden = true;
  }

  insertCanned(item) {
    const upTo = this.text.selectionStart;
    const start = this.text.value.slice(0, upTo).search(/\/\S*$/);
    if (start >= 0) this.text.setRangeText('', start, upTo, 'end');
    this.closePicker();
    this.insert(item.dataset.text);
  }

  key(event) {
    if (this.picker && !this.picker.hidden) {
      const items = this.cannedItems().filter((item) => !item.hidden);
      const index = items.findIndex((item) => item.getAttribute('aria-selected') === 'true');
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        items[index]?.setAttribute('aria-selected', 'false');
        const step = event.key === 'ArrowDown' ? 1 : -1;
        const next = items[(index + step + items.length) % items.length];
        next.setAttribute('aria-selected', 'true');
        next.scrollIntoView({ block: 'nearest' });
        return;
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        if (items[index]) this.insertCanned(items[index]);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        this.closePicker();
        return;
      }
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const text = this.text.value.trim();
    const files = this.files?.ready() ?? [];
    if (this.files?.isBusy()) {
      toast(t('A file is still on its way.'), 'error');
      return;
    }
    if ((!text && !files.length) || this.sending) return;
    this.sending = true;
    const { mode } = this;
    // The same key until it is through: a lost answer does not send it twice.
    this.key_ ??= uuid();
    try {
      await call('POST', `/conversations/${this.id}/messages`, {
        text, private: mode === 'note', ...(files.length ? { attachments: files } : {}),
      }, { key: this.key_ });
      this.key_ = undefined;
      this.files?.sent(files);
      // What was typed while it was being sent stays.
      if (drafts.sent(this.id, mode, text) && this.mode === mode) {
        this.text.value = '';
        this.setMode('reply');
      }
      this.typingState = undefined;
      this.grow();
      this.onSent();
    } catch (error) {
      // Only a refusal frees the key: after a lost answer the message may be there already.
      if (error.status >= 400 && error.status < 500 && error.status !== 409) this.key_ = undefined;
      toast(error.status ? error.message : t('Not sent: no connection. Your text is kept.'), 'error');
    } finally {
      this.sending = false;
    }
  }
}
