import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Piece } from '../testing.js';
import { ago, refreshTimes } from './ago.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('How long since', () => {
  it('changes at whole minutes, hours and days', () => {
    for (const [age, text] of [
      [0, 'now'], [MINUTE - 1, 'now'], [MINUTE, '1m'], [2 * MINUTE - 1, '1m'],
      [HOUR - 1, '59m'], [HOUR, '1h'], [2 * HOUR - 1, '1h'],
      [DAY - 1, '23h'], [DAY, '1d'], [2 * DAY - 1, '1d'], [40 * DAY, '40d'],
    ]) assert.equal(ago(age), text, `${age} ms`);
  });
  it('is now for a clock that runs behind the server', () => assert.equal(ago(-3 * HOUR), 'now'));
});

describe('Times on the page', () => {
  const now = 1_800_000_000_000;
  const show = (age, data = {}) => {
    const time = new Piece({ data: { since: String(now - age), ...data } });
    refreshTimes(new Piece({ children: { 'time[data-since]': [time] } }), now);
    return time;
  };

  it('say their age', () => assert.equal(show(3 * HOUR).textContent, '3h'));
  it('are late after five minutes of waiting', () => {
    assert.equal(show(5 * MINUTE - 1, { waiting: '' }).attributes.late, false);
    assert.equal(show(5 * MINUTE, { waiting: '' }).attributes.late, true);
  });
  it('are never late where nobody waits', () => {
    assert.equal(show(DAY).attributes.late, undefined);
  });
});
