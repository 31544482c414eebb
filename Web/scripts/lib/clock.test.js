import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownTime } from './clock.js';

const noon = Date.parse('2026-11-23T12:00:00Z');

describe("The reader's time", () => {
  it('is said where the clocks differ', () =>
    assert.equal(ownTime(noon, 'America/New_York', 'Europe/Moscow'), '(15:00 your time)'));
  it('is not said in the same zone or one that shows the same', () => {
    assert.equal(ownTime(noon, 'Europe/Berlin', 'Europe/Berlin'), null);
    assert.equal(ownTime(noon, 'Europe/Berlin', 'Europe/Paris'), null);
  });
  it('has its day where that is another', () =>
    assert.equal(ownTime(noon, 'America/New_York', 'Pacific/Auckland'), '(Tue 01:00 your time)'));
  it('is the one of that day, not of today: clocks change on different dates', () => {
    const march = Date.parse('2026-03-10T16:00:00Z');
    assert.equal(ownTime(march, 'America/New_York', 'Europe/London'), '(16:00 your time)');
    assert.equal(ownTime(noon, 'America/New_York', 'Europe/London'), '(12:00 your time)');
  });
  it('is left out for a zone that nobody knows', () =>
    assert.equal(ownTime(noon, 'Mars/Olympus', 'Europe/Paris'), null));
});
