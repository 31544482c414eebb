import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neighbour, nextAfter } from './order.js';

describe('Stepping through the queue', () => {
  const ids = ['a', 'b', 'c'];

  it('goes one on and one back', () => {
    assert.equal(neighbour(ids, 'a', 1), 'b');
    assert.equal(neighbour(ids, 'c', -1), 'b');
  });
  it('ends at both ends', () => {
    assert.equal(neighbour(ids, 'c', 1), 'c');
    assert.equal(neighbour(ids, 'a', -1), 'a');
  });
  it('begins with the first when nothing is open, or what is open left the queue', () => {
    assert.equal(neighbour(ids, null, 1), 'a');
    assert.equal(neighbour(ids, 'gone', 1), 'a');
    assert.equal(neighbour(ids, null, -1), 'a');
  });
  it('goes nowhere in an empty queue', () => {
    assert.equal(neighbour([], 'a', 1), undefined);
    assert.equal(neighbour([], null, -1), undefined);
  });
});

describe('After a resolved conversation', () => {
  it('comes the first of the others', () => {
    assert.equal(nextAfter(['a', 'b', 'c'], 'a'), 'b');
    assert.equal(nextAfter(['a', 'b', 'c'], 'c'), 'a');
    assert.equal(nextAfter(['b', 'c'], 'gone'), 'b');
  });
  it('comes nothing when there are no others', () => {
    assert.equal(nextAfter(['a'], 'a'), undefined);
    assert.equal(nextAfter([], 'a'), undefined);
  });
});
