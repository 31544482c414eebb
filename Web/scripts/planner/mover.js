// Moving one appointment: picked up, held over one free start after another, put down or left.
// What is seen of it is `view`'s matter.

import { call, isRefusal, Problem, saying } from '../lib/api.js';
import { t } from '../lib/words.js';
import { nearest, stepFrom, targetsOf } from './targets.js';

/** A refusal as people read it: the reason alone, not the name of a field. */
export function reason(error) {
  const words = error.errors?.[0]?.message;
  return words ? words[0].toUpperCase() + words.slice(1) : saying(error);
}

export class Mover {
  /**
   * `view`: `keys()`, `mark(targets)`, `show(target)`, `clear()`, `say(words)`, `done(words, undo)`,
   * `refused(words, alternatives, retry)`, `refresh(id)`, `describe(target)`.
   */
  constructor(view) { this.view = view; }

  get isMoving() { return this.picked !== undefined; }

  /**
   * `picked`: `{ id, version, service, staff, resources, start, end, key, name }`;
   * `frame`: `{ account, from, to, view, by, local }`. Resolves when the free times are known;
   * false when there are none, or it has ended meanwhile.
   */
  async pick(picked, frame) {
    this.picked = picked;
    this.frame = frame;
    this.targets = undefined;
    this.at = { key: picked.key, minute: frame.local(picked.start).minute };
    const query = new URLSearchParams({
      service_id: picked.service, from: frame.from, to: frame.to, appointment_id: picked.id,
    });
    this.loading = this.load(picked, `/accounts/${frame.account}/availability?${query}`);
    return this.loading;
  }

  async load(picked, path) {
    try {
      const { slots } = await call('GET', path);
      if (this.picked !== picked) return false;
      this.targets = targetsOf(picked, slots, { ...this.frame, keys: this.view.keys() });
      this.view.mark(this.targets);
      if (this.targets.some((target) => !target.isHome)) return true;
      this.cancel(t('There is no free time here for %1.', picked.name));
    } catch (error) {
      if (this.picked === picked) {
        this.end();
        this.view.refused(reason(error), []);
      }
    }
    return false;
  }

  /** Over a place of the grid; only free starts near it count. */
  over(key, minute, within) {
    const target = this.targets && nearest(this.targets, key, minute, within);
    if (target === this.target) return;
    this.target = target;
    this.view.show(target);
  }

  step(arrow) {
    if (!this.targets) return;
    const found = stepFrom(this.targets, this.at, arrow, this.view.keys());
    if (!found) {
      this.view.say(t('No free time in that direction.'));
      return;
    }
    this.at = { key: found.key, minute: found.minute };
    this.target = found;
    this.view.show(found, true);
    this.view.say(found.isHome
      ? t('%1, where it is now', this.view.describe(found)) : this.view.describe(found));
  }

  cancel(words) {
    if (!this.isMoving) return;
    this.end();
    this.view.say(words ?? t('Left where it was.'));
  }

  end() {
    this.picked = this.targets = this.target = undefined;
    this.view.clear();
  }

  async drop() {
    const { picked, target } = this;
    if (!picked) return;
    if (!target || target.isHome) {
      this.cancel();
      return;
    }
    const words = this.view.describe(target);
    this.end();
    await this.ask(picked, target.body, t('Moved to %1.', words));
  }

  /** `picked` stays as it was before, for the way back. */
  async ask(picked, body, words) {
    try {
      const moved = await call(
        'PATCH', `/appointments/${picked.id}`, body, { version: picked.version });
      this.view.refused();
      await this.view.refresh(picked.id);
      this.view.done(words, () => this.undo(picked, moved));
    } catch (error) {
      if (!(error instanceof Problem) || !isRefusal(error) && error.status !== 409) {
        this.view.refused(saying(error), []);
        return;
      }
      const alternatives = error.body.alternatives ?? [];
      this.view.refused(reason(error), alternatives, (slot, said) =>
        this.ask(picked, { ...body, start: slot.start }, t('Moved to %1.', said)));
      await this.view.refresh(picked.id);
    }
  }

  async undo(before, moved) {
    const body = { start: before.start };
    if (before.staff.length === 1) [body.staff_id] = before.staff;
    if (before.resources.length) body.resource_ids = before.resources;
    try {
      await call('PATCH', `/appointments/${before.id}`, body, { version: moved.version });
      await this.view.refresh(before.id);
      this.view.done(t('Taken back.'));
    } catch (error) {
      this.view.refused(error.status === 412
        ? t('Not taken back: it has changed since.') : reason(error), []);
      await this.view.refresh(before.id);
    }
  }
}
