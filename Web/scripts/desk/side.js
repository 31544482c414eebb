// The right pane: the business, the client, booking and the inquiry.

import { call, fragment, replaceContent, saying } from '../lib/api.js';
import { debounce } from '../lib/live.js';
import { toast } from '../lib/toast.js';
import { t } from '../lib/words.js';
import { Booking } from './booking.js';
import { roving } from './keys.js';

export class Side {
  constructor(element, { insert }) {
    this.element = element;
    this.insert = insert;
    element.addEventListener('click', (event) => this.click(event));
    element.addEventListener('submit', (event) => this.submit(event));
    element.addEventListener('input', (event) => {
      if (event.target.matches('[data-knowledge-search]')) this.search(event.target.value);
      else this.changed = true;
    });
    element.addEventListener('keydown', (event) => {
      if (!event.target.matches('[data-knowledge-search]')) return;
      if (event.key === 'ArrowDown' || event.key === 'Enter') {
        event.preventDefault();
        const first = this.element.querySelector('[data-knowledge] [data-answer]');
        if (event.key === 'Enter') first?.click(); else first?.focus();
      }
    });
    this.search = debounce((text) => this.find(text), 120);
  }

  /** `fresh`: another conversation, so it starts with its first tab. */
  show(html, { fresh = false } = {}) {
    this.booking?.release();
    if (fresh) this.tab = undefined;
    const tab = this.tab;
    this.changed = false;
    replaceContent(this.element, html);
    this.booking = undefined;
    const panel = this.element.querySelector('[data-booking]');
    if (panel) this.booking = new Booking(panel);
    roving(this.element.querySelector('[role="tablist"]') ?? this.element, '[role="tab"]');
    if (tab) this.select(tab);
  }

  /** Whether somebody is in the middle of something that a refresh would wipe out. */
  get isBusy() {
    const focused = this.element.contains(document.activeElement)
      && document.activeElement.matches('input, textarea, select, .slot, .booking-service');
    return focused || this.changed
      || ['slots', 'confirm'].includes(this.booking?.step)
      || (this.tab === 'book' && this.booking?.step === 'booked');
  }

  select(name) {
    this.tab = name;
    for (const tab of this.element.querySelectorAll('[role="tab"]')) {
      const isOn = tab.dataset.tab === name;
      tab.setAttribute('aria-selected', String(isOn));
      tab.tabIndex = isOn ? 0 : -1;
    }
    for (const panel of this.element.querySelectorAll('[role="tabpanel"]')) {
      panel.hidden = panel.dataset.panel !== name;
    }
  }

  open(name) {
    this.select(name);
    if (name === 'book') this.booking?.open();
    if (name === 'business') this.element.querySelector('[data-knowledge-search]')?.focus();
    if (name === 'client') this.element.querySelector('[data-contact-form] input')?.focus();
    if (name === 'inquiry') this.element.querySelector('[data-inquiry-form] input')?.focus();
  }

  click(event) {
    const tab = event.target.closest('[role="tab"]');
    if (tab) this.select(tab.dataset.tab);
    const answer = event.target.closest('[data-answer]');
    if (answer) {
      this.insert(answer.dataset.answer);
      if (answer.dataset.article) {
        call('POST', `/knowledge/${answer.dataset.article}/use`).catch(() => {});
      }
    }
  }

  async find(text) {
    const results = this.element.querySelector('[data-knowledge]');
    if (!results) return;
    const query = new URLSearchParams({ q: text });
    try {
      replaceContent(results, await fragment(`${results.dataset.knowledge}?${query}`));
    } catch {
      // The next letter asks again.
    }
  }

  async submit(event) {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = 'yes';
    try {
      if (form.matches('[data-contact-form]')) await this.saveContact(form);
      if (form.matches('[data-inquiry-form]')) await this.saveInquiry(form);
      this.changed = false;
    } catch (error) {
      this.showErrors(form, error);
    } finally {
      delete form.dataset.sending;
    }
  }

  async saveContact(form) {
    const values = new FormData(form);
    const points = [];
    if (values.get('email')) points.push({ channel: 'email', address: values.get('email') });
    if (values.get('phone')) points.push({ channel: 'sms', address: values.get('phone') });
    await call('PATCH', `/contacts/${form.dataset.contact}`, {
      name: values.get('name') || null, notes: values.get('notes') || null, contact_points: points,
    });
    toast(t('Saved.'), 'done');
  }

  async saveInquiry(form) {
    const values = new FormData(form);
    await call('POST', `/accounts/${form.dataset.account}/inquiries`, {
      conversation_id: form.dataset.conversation,
      contact_id: form.dataset.contact,
      kind: values.get('kind'),
      disposition: values.get('disposition') || undefined,
      topic: values.get('topic') || undefined,
      notes: values.get('notes') || undefined,
    });
    form.reset();
    toast(t('Inquiry recorded.'), 'done');
    document.querySelector('#main')?.focus();
  }

  showErrors(form, error) {
    for (const old of form.querySelectorAll('.field-error')) old.remove();
    for (const { field, message } of error.errors ?? []) {
      const name = field.includes('contact_points')
        ? (field.includes('[0]') && form.elements.email?.value ? 'email' : 'phone') : field;
      const input = form.elements[name];
      if (!input?.after) continue;
      const line = document.createElement('p');
      line.className = 'field-error';
      line.textContent = message;
      input.after(line);
      input.focus();
    }
    toast(saying(error), 'error');
  }
}
