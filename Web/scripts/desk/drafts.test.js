import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeClock } from '../testing.js';
import { Drafts, forgetDrafts } from './drafts.js';

/** localStorage as a browser has it, in its order of insertion. */
class Storage {
  constructor() { this.map = new Map(); }
  get length() { return this.map.size; }
  key(place) { return [...this.map.keys()][place] ?? null; }
  getItem(key) { return this.map.get(key) ?? null; }
  setItem(key, value) { this.map.set(key, String(value)); }
  removeItem(key) { this.map.delete(key); }
}

describe('What was begun', () => {
  let clock, storage;
  const page = (user) => {
    const drafts = new Drafts(() => storage);
    drafts.begin(user);
    return drafts;
  };
  beforeEach(() => {
    clock = takeClock();
    storage = new Storage();
    storage.setItem('desk:sound', 'off');
  });
  afterEach(() => clock.restore());

  it('outlives the page, per conversation and kind, with the kind that was last', () => {
    const drafts = page('usr_rita');
    drafts.keep('cnv_1', 'reply', 'Good morn');
    drafts.keep('cnv_1', 'note', 'Owes us');
    drafts.keep('cnv_2', 'reply', 'Yes, at');
    const again = page('usr_rita');
    assert.deepEqual(
      [again.of('cnv_1').mode, again.of('cnv_1').reply, again.of('cnv_1').note],
      ['note', 'Good morn', 'Owes us']);
    assert.equal(again.of('cnv_2').reply, 'Yes, at');
    assert.equal(again.of('cnv_3').reply, '');
  });

  it('goes when it was sent, and its other kind stays', () => {
    const drafts = page('usr_rita');
    drafts.keep('cnv_1', 'note', 'Owes us');
    drafts.keep('cnv_1', 'reply', 'Good morning ');
    assert.ok(drafts.sent('cnv_1', 'reply', 'Good morning'));
    assert.equal(page('usr_rita').of('cnv_1').reply, '');
    assert.equal(page('usr_rita').of('cnv_1').note, 'Owes us');
    drafts.keep('cnv_1', 'note', 'Owes us ten');
    assert.ok(!drafts.sent('cnv_1', 'note', 'Owes us'), 'written on meanwhile');
    assert.ok(drafts.sent('cnv_1', 'note', 'Owes us ten'));
    assert.deepEqual([...storage.map.keys()], ['desk:sound', 'desk:drafts']);
  });

  it('is nobody else’s: another person’s page throws it away', () => {
    page('usr_rita').keep('cnv_1', 'reply', 'Secret');
    assert.equal(page('usr_tom').of('cnv_1').reply, '');
    assert.ok(![...storage.map.values()].join().includes('Secret'));
    assert.equal(page('usr_rita').of('cnv_1').reply, '');
  });

  it('is gone after signing out, and a page still open leaves nothing more', () => {
    const open = page('usr_rita');
    open.keep('cnv_1', 'reply', 'Secret');
    forgetDrafts(() => storage);
    assert.deepEqual([...storage.map.keys()], ['desk:sound']);
    open.keep('cnv_1', 'reply', 'Secret too');
    assert.deepEqual([...storage.map.keys()], ['desk:sound']);
  });

  it('is forgotten after a week, and beyond forty', async () => {
    const drafts = page('usr_rita');
    for (let number = 1; number <= 50; number += 1) {
      drafts.keep(`cnv_${number}`, 'reply', `text ${number}`);
      await clock.advance(1000);
    }
    const kept = () => [...storage.map.keys()].filter((key) => key.includes('cnv_'));
    assert.equal(kept().length, 40);
    assert.equal(page('usr_rita').of('cnv_10').reply, '');
    assert.equal(page('usr_rita').of('cnv_11').reply, 'text 11');
    await clock.advance(8 * 86_400_000);
    assert.equal(page('usr_rita').of('cnv_50').reply, '');
    assert.deepEqual(kept(), []);
  });

  it('lives as long as the page where the browser keeps nothing, or nonsense is kept', () => {
    const drafts = new Drafts(() => { throw new Error('SecurityError'); });
    drafts.begin('usr_rita');
    drafts.keep('cnv_1', 'reply', 'Still here');
    assert.equal(drafts.of('cnv_1').reply, 'Still here');
    for (const nonsense of ['', '{', 'null', '{"mode":"x","reply":1,"note":"","at":1}']) {
      storage.setItem('desk:drafts:usr_rita:cnv_1', nonsense);
      assert.equal(page('usr_rita').of('cnv_1').reply, '', nonsense);
    }
  });
});
