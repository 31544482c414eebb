// The grid as it stands in the page: which column and minute a point is, marks and the shadow of
// what is being moved.

import { t, tag } from '../lib/words.js';
import { localIn } from './targets.js';

export class Grid {
  constructor(root) { this.root = root; }

  get element() { return this.root.querySelector('[data-grid]'); }
  get scroll() { return this.root.querySelector('[data-calendar-scroll]'); }
  get heads() { return [...this.element.querySelectorAll('.timegrid-heads > li')]; }
  keys() { return this.heads.map((head) => head.dataset.key); }

  /** Whether it is a grid now, and not a phone's list. */
  get isGrid() { return getComputedStyle(this.element).display === 'grid' && this.heads.length > 0; }

  get frame() {
    const { account, rangeFrom, rangeTo, view, by, zone } = this.root.dataset;
    return { account, from: rangeFrom, to: rangeTo, view, by, local: localIn(zone) };
  }

  /** What is known of an appointment's link. */
  picked(link) {
    const { data, item } = { data: link.dataset, item: link.closest('[data-lane]') };
    const words = (text) => (text ? text.split(' ') : []);
    return {
      id: data.movable, version: Number(data.version), service: data.service,
      staff: words(data.staff), resources: words(data.resources), start: data.start,
      end: data.end, name: data.name, key: this.keys()[Number(item.dataset.lane) - 1], item,
    };
  }

  /** The column and minute under a point of the window. */
  at(x, y) {
    const heads = this.heads;
    const head = heads.find((one) => {
      const box = one.getBoundingClientRect();
      return x >= box.left && x < box.right;
    });
    if (!head) return undefined;
    const hour = this.element.querySelector('.timegrid-hours > li');
    const box = hour.getBoundingClientRect();
    return {
      key: head.dataset.key,
      minute: Number(hour.dataset.hour) * 60 + (y - box.top) / box.height * 60,
    };
  }

  mark(targets, picked) {
    this.clear();
    this.root.classList.add('is-moving');
    picked.item.classList.add('is-picked');
    const keys = this.keys();
    const list = document.createElement('ul');
    list.className = 'slot-marks';
    list.setAttribute('aria-hidden', 'true');
    for (const target of targets) {
      const mark = document.createElement('li');
      this.put(mark, target, keys);
      mark.dataset.hours = '0';
      mark.dataset.fives = '3';
      list.append(mark);
    }
    this.element.append(list);
  }

  put(element, target, keys = this.keys()) {
    element.dataset.lane = keys.indexOf(target.key) + 1;
    element.dataset.hour = Math.floor(target.minute / 60);
    element.dataset.five = Math.floor(target.minute % 60 / 5);
  }

  /** The shadow of what is moved, at a target or nowhere. */
  show(target, picked, follow) {
    if (!target) {
      this.ghost?.remove();
      return;
    }
    if (!this.ghost) {
      this.ghost = picked.item.cloneNode(true);
      for (const name of ['id', 'part', 'parts']) delete this.ghost.dataset[name];
      this.ghost.className = 'is-target';
      this.ghost.setAttribute('aria-hidden', 'true');
      const link = this.ghost.querySelector('.appointment');
      link.tabIndex = -1;
      link.removeAttribute('href');
      delete link.dataset.movable;
    }
    this.put(this.ghost, target);
    const local = this.frame.local;
    const clock = (instant) => {
      const { minute } = local(instant);
      return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    };
    const when = this.ghost.querySelector('.when');
    when.textContent = `${clock(target.start)}–${clock(target.end)}`;
    if (!this.ghost.isConnected) this.element.querySelector('.timegrid-items').append(this.ghost);
    if (follow) this.ghost.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  clear() {
    this.root.classList.remove('is-moving');
    for (const one of this.root.querySelectorAll('.slot-marks, .is-target')) one.remove();
    for (const one of this.root.querySelectorAll('.is-picked')) one.classList.remove('is-picked');
    this.ghost = undefined;
  }

  /** `Tue 24 Nov, 14:00, Olga`. */
  describe(target) {
    const { zone, view } = this.root.dataset;
    const when = new Intl.DateTimeFormat(tag === 'en' ? 'en-GB' : tag, {
      timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit',
      minute: '2-digit', hourCycle: 'h23',
    }).format(new Date(target.start));
    if (view === 'week' || !target.key || target.key === 'none') return when;
    const head = this.heads.find((one) => one.dataset.key === target.key);
    const name = head?.querySelector('.truncate')?.textContent.trim();
    return name ? t('%1, with %2', when, name) : when;
  }
}
