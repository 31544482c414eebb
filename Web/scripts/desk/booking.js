// Booking beside the conversation: service → free slots → hold → confirm, by keys alone.

import { call, isRefusal, Problem, saying, uuid } from '../lib/api.js';
import { ownTime } from '../lib/clock.js';
import { roving } from './keys.js';
import { toast } from '../lib/toast.js';
import { plural, t } from '../lib/words.js';

const DAYS = 14;
const HOLD_SECONDS = 300;

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

/** Groups slots by the business's local date, in order. */
export function byDay(slots, zone, locale) {
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: zone, weekday: 'short', day: 'numeric', month: 'short',
  });
  const groups = new Map();
  for (const slot of slots) {
    const label = day.format(new Date(slot.start));
    if (!groups.has(label)) groups.set(label, []);
    groups.get(label).push(slot);
  }
  return [...groups];
}

export const timeIn = (zone, locale) => {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  });
  return (instant) => format.format(new Date(instant));
};

/** One booking panel; `panel` carries account, conversation, contact and zone as data. */
export class Booking {
  constructor(panel) {
    this.panel = panel;
    this.data = panel.dataset;
    this.body = panel.querySelector('[data-booking-body]');
    this.services = [...panel.querySelectorAll('[data-service]')];
    this.locale = document.documentElement.lang;
    roving(panel, '.booking-service, .slot');
    for (const button of this.services) {
      button.addEventListener('click', () => this.choose(button));
    }
    panel.addEventListener('keydown', (event) => this.key(event));
  }

  open() {
    this.release();
    this.show('services');
    this.services[0]?.focus();
  }

  /** Digits pick a service while the list has the focus. */
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches('.booking-service') && /^[1-9]$/.test(event.key)) {
      const button = this.services[Number(event.key) - 1];
      if (button) {
        event.preventDefault();
        event.stopPropagation();
        this.choose(button);
      }
    }
    if (event.target.matches('.slot') && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.jumpDay(event);
    }
    if (event.key === 'Escape' && this.step !== 'services') {
      event.preventDefault();
      event.stopPropagation();
      this.back();
    }
  }

  jumpDay(event) {
    const days = [...this.body.querySelectorAll('.slot-day')];
    const index = days.findIndex((day) => day.contains(event.target));
    const next = days[index + (event.key === 'ArrowRight' ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    next.querySelector('.slot')?.focus();
  }

  show(step) {
    this.step = step;
    this.panel.dataset.step = step;
  }

  async back() {
    await this.release();
    if (this.step === 'confirm') {
      await this.choose(this.service);
    } else {
      this.open();
    }
  }

  async choose(button) {
    this.service = button;
    this.show('slots');
    this.body.replaceChildren(make('p', 'muted loading', t('Looking for free times…')));
    const from = new Date(Date.now());
    const to = new Date(from.getTime() + DAYS * 86400000);
    const query = new URLSearchParams({
      service_id: button.dataset.service, from: from.toISOString(), to: to.toISOString(),
    });
    try {
      const answer = await call('GET', `/accounts/${this.data.account}/availability?${query}`);
      this.zone = answer.time_zone;
      this.drawSlots(answer.slots);
    } catch (error) {
      this.fail(error);
    }
  }

  drawSlots(slots) {
    const title = make('div', 'slot-head');
    const price = this.service.dataset.price;
    title.append(make('h3', '', this.service.dataset.name), make('span', 'muted', price ?? ''));
    if (!slots.length) {
      const none = make('p', 'empty',
        plural(DAYS, 'No free time in the next %1 day.', 'No free time in the next %1 days.'));
      const back = make('button', 'btn', t('Other service'));
      back.type = 'button';
      back.addEventListener('click', () => this.open());
      this.body.replaceChildren(title, none, back);
      back.focus();
      return;
    }
    const time = timeIn(this.zone, this.locale);
    const days = byDay(slots, this.zone, this.locale).map(([label, list]) => {
      const section = make('section', 'slot-day');
      const head = make('h4', '', label);
      head.append(make('span', 'faint', plural(list.length, '%1 free', '%1 free')));
      section.append(head);
      const row = make('div', 'slots');
      for (const slot of list) {
        const button = make('button', 'slot');
        button.append(make('span', '', time(slot.start)));
        button.type = 'button';
        button.title = `${label}, ${time(slot.start)}`;
        button.addEventListener('click', () => this.hold(slot, label));
        row.append(button);
      }
      section.append(row);
      return section;
    });
    const hint = make('p', 'muted hint', t('← → day · ↑ ↓ time · Enter holds · Esc back'));
    this.body.replaceChildren(title, hint, ...days);
    this.body.querySelector('.slot')?.focus();
  }

  async hold(slot, label) {
    if (this.isHolding) return;
    this.isHolding = true;
    try {
      const asked = Date.now();
      this.held = await call('POST', `/accounts/${this.data.account}/holds`, {
        service_id: this.service.dataset.service, start: slot.start, ttl_seconds: HOLD_SECONDS,
        conversation_id: this.data.conversation || undefined,
      }, { key: uuid() });
      this.heldUntil = asked + HOLD_SECONDS * 1000;
      this.confirmKey = undefined; // Another hold is another booking.
      this.drawConfirm(slot, label);
    } catch (error) {
      if (error instanceof Problem && error.code === 'slot_taken') {
        toast(t('Somebody has just taken this time. Here is what is free now.'), 'error');
        await this.choose(this.service);
      } else {
        this.fail(error);
      }
    } finally {
      this.isHolding = false;
    }
  }

  drawConfirm(slot, label) {
    this.show('confirm');
    this.extending = false;
    const time = timeIn(this.zone, this.locale);
    const form = make('form', 'booking-confirm form');
    const summary = make('div', 'booking-summary');
    const price = this.service.dataset.price;
    summary.append(
      make('p', 'when', `${label}, ${time(slot.start)}–${time(slot.end)}`),
      make('p', '', price ? `${this.service.dataset.name}, ${price}` : this.service.dataset.name),
      make('p', 'muted tiny', t('By the business’s clock, %1.', this.zone.replace('_', ' '))),
    );
    const own = ownTime(Date.parse(slot.start), this.zone);
    if (own) summary.append(make('p', 'own-time', own));
    const name = this.field(t('Client'), 'text', this.data.contactName ?? '');
    const notes = this.field(t('Note for the business'), 'text', '');
    const timer = make('p', 'hold hold-timer');
    timer.setAttribute('role', 'timer');
    const submit = make('button', 'btn btn-primary', `${t('Book it')} `);
    submit.append(make('kbd', '', '↵'));
    submit.type = 'submit';
    const back = make('button', 'btn btn-quiet', t('Other time'));
    back.type = 'button';
    back.addEventListener('click', () => this.back());
    const row = make('div', 'form-actions');
    row.append(submit, back);
    form.append(summary, timer, name.label, notes.label, row);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.confirm(name.input.value.trim(), notes.input.value.trim(), submit);
    });
    this.body.replaceChildren(form);
    this.countDown(timer);
    submit.focus();
  }

  field(text, type, value) {
    const label = make('label', 'field');
    label.append(make('span', '', text));
    const input = make('input', 'input');
    input.type = type;
    input.value = value;
    label.append(input);
    return { label, input };
  }

  countDown(element) {
    clearInterval(this.ticking);
    // By our own clock from when we asked: the server's may be minutes off, or ours.
    const end = this.heldUntil;
    const tick = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      element.textContent = left
        ? t('Held for %1', `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`)
        : t('The hold has ended; confirming will try to take the time again.');
      // While the operator is still at it, the hold goes on.
      if (left > 0 && left <= 45 && !this.extending) this.extend();
    };
    tick();
    this.ticking = setInterval(tick, 1000);
  }

  async extend() {
    this.extending = true;
    try {
      const asked = Date.now();
      this.held = await call('POST', `/holds/${this.held.id}/extend`, { ttl_seconds: HOLD_SECONDS });
      this.heldUntil = asked + HOLD_SECONDS * 1000;
      this.countDown(this.body.querySelector('.hold-timer'));
    } catch {
      return; // It ended a moment ago; confirming says so.
    }
    this.extending = false;
  }

  async release() {
    clearInterval(this.ticking);
    const held = this.held;
    this.held = undefined;
    if (held) await call('DELETE', `/holds/${held.id}`).catch(() => {});
  }

  async confirm(name, notes, button) {
    button.disabled = true;
    try {
      if (name && name !== (this.data.contactName ?? '') && this.data.contact) {
        await call('PATCH', `/contacts/${this.data.contact}`, { name });
        this.data.contactName = name;
      }
      const body = {
        service_id: this.service.dataset.service, start: this.held.start, hold_id: this.held.id,
        notes: notes || undefined,
      };
      if (this.data.contact) body.contact_id = this.data.contact;
      else body.contact = { name };
      if (this.data.conversation) body.conversation_id = this.data.conversation;
      this.confirmKey ??= uuid();
      const booked = await call('POST', `/accounts/${this.data.account}/appointments`, body, {
        key: this.confirmKey,
      });
      this.confirmKey = undefined;
      this.held = undefined;
      clearInterval(this.ticking);
      this.drawBooked(booked);
    } catch (error) {
      // Only a refusal frees the key: after a lost answer the time may be booked already.
      if (isRefusal(error)) this.confirmKey = undefined;
      if (error instanceof Problem && error.code === 'slot_taken') {
        toast(t('This time went to somebody else. Choose another one.'), 'error');
        this.held = undefined;
        await this.choose(this.service);
        return;
      }
      button.disabled = false;
      this.fail(error);
    }
  }

  drawBooked(booked) {
    this.show('booked');
    const time = timeIn(this.zone, this.locale);
    const day = new Intl.DateTimeFormat(this.locale, {
      timeZone: this.zone, weekday: 'long', day: 'numeric', month: 'long',
    }).format(new Date(booked.start));
    const box = make('div', 'booked');
    box.dataset.appointment = booked.id;
    box.tabIndex = -1;
    box.setAttribute('role', 'status');
    const summary = make('div', 'booking-summary');
    summary.append(
      make('p', 'when', `${day}, ${time(booked.start)}–${time(booked.end)}`),
      make('p', '', this.service.dataset.name),
    );
    box.append(
      make('h3', '', this.data.contactName
        ? t('Booked for %1', this.data.contactName) : t('Booked for the client')),
      make('p', 'muted', t('The confirmation is in the conversation.')),
      summary,
    );
    const again = make('button', 'btn', t('Book another'));
    again.type = 'button';
    again.addEventListener('click', () => this.open());
    const row = make('div', 'form-actions');
    const note = make('button', 'btn btn-primary', `${t('Record the inquiry')} `);
    note.type = 'button';
    note.dataset.act = 'inquiry';
    note.append(make('kbd', '', 'I'));
    row.append(note, again);
    box.append(row);
    this.body.replaceChildren(box);
    box.focus();
    this.panel.dispatchEvent(new CustomEvent('booked', { bubbles: true, detail: booked }));
  }

  fail(error) {
    toast(saying(error), 'error');
    if (this.step === 'slots') this.open();
  }
}
