import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeClock } from '../testing.js';
import { insist } from './insist.js';

describe('A refresh that failed', () => {
  let clock, tries;

  beforeEach(() => { clock = takeClock(); tries = 0; });
  afterEach(() => clock.restore());

  const failing = (times) => async () => {
    tries += 1;
    if (tries <= times) throw new TypeError('Failed to fetch');
  };

  it('is tried again until it works, and then no more', async () => {
    insist(failing(3), 60)();
    await clock.advance(60);
    assert.equal(tries, 1);
    await clock.advance(1500);
    assert.equal(tries, 1, 'not at once');
    await clock.advance(60);
    assert.equal(tries, 2);
    await clock.advance(10 * 1560);
    assert.equal(tries, 4);
  });

  it('does a burst once', async () => {
    const soon = insist(failing(0), 60);
    for (let count = 0; count < 5; count += 1) {
      soon();
      await clock.advance(59);
    }
    assert.equal(tries, 0);
    await clock.advance(1);
    await clock.advance(10_000);
    assert.equal(tries, 1);
  });

  it('is not waited for when something new asks meanwhile', async () => {
    const soon = insist(failing(1), 60);
    soon();
    await clock.advance(60 + 500);
    soon();
    await clock.advance(60);
    assert.equal(tries, 2);
  });
});
