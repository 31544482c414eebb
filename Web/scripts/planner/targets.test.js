import { test } from 'node:test';
import assert from 'node:assert/strict';
import '../testing.js';
import { localIn, nearest, stepFrom, targetsOf } from './targets.js';

const local = localIn('America/New_York');
const slot = (start, staff, resources = []) => ({
  start, end: start.replace(':00:00Z', ':30:00Z'), staff_ids: staff, resource_ids: resources,
});
const day = { view: 'day', by: 'staff', keys: ['ann', 'ben'], local };
const ann = { start: '2026-11-24T14:00:00Z', staff: ['ann'], resources: [], key: 'ann' };
const brief = (targets) => targets.map(({ key, minute }) => `${key} ${minute / 60}`);

test('a zone’s clock over the change of clocks', () => {
  assert.deepEqual(local('2026-11-01T05:30:00Z'), { date: '2026-11-01', minute: 90 });
  assert.deepEqual(local('2026-11-01T06:30:00Z'), { date: '2026-11-01', minute: 90 });
  assert.deepEqual(local('2026-11-24T04:59:00Z'), { date: '2026-11-23', minute: 1439 });
});

test('a day: every free column, and who is asked for by name', () => {
  const targets = targetsOf(ann, [
    slot('2026-11-24T14:00:00Z', ['ann', 'ben']), slot('2026-11-24T16:00:00Z', ['ben', 'gone']),
  ], day);
  assert.deepEqual(brief(targets), ['ann 9', 'ben 9', 'ben 11']);
  assert.deepEqual(targets.map((target) => target.isHome), [true, false, false]);
  assert.deepEqual(targets[2].body, { start: '2026-11-24T16:00:00Z', staff_id: 'ben' });
});

test('what two people do moves only where both are free, and keeps both', () => {
  const both = { ...ann, staff: ['ann', 'ben'] };
  const targets = targetsOf(both, [
    slot('2026-11-24T15:00:00Z', ['ann']), slot('2026-11-24T16:00:00Z', ['ann', 'ben']),
  ], day);
  assert.deepEqual(brief(targets), ['ann 11', 'ben 11']);
  assert.deepEqual(targets[0].body, { start: '2026-11-24T16:00:00Z' });
});

test('what needs nobody stays in its column', () => {
  const alone = { ...ann, staff: [], key: 'none' };
  const targets = targetsOf(alone, [slot('2026-11-24T15:00:00Z', [])],
    { ...day, keys: ['ann', 'none'] });
  assert.deepEqual(brief(targets), ['none 10']);
});

test('a week: columns are days, and the same people go on', () => {
  const targets = targetsOf(ann, [
    slot('2026-11-24T15:00:00Z', ['ben']), slot('2026-11-25T15:00:00Z', ['ann', 'ben']),
    slot('2026-11-30T15:00:00Z', ['ann']),
  ], { view: 'week', by: 'staff', keys: ['2026-11-24', '2026-11-25'], local });
  assert.deepEqual(brief(targets), ['2026-11-25 10']);
  assert.deepEqual(targets[0].body, { start: '2026-11-25T15:00:00Z', staff_id: 'ann' });
});

test('rooms: another room is asked for, the people stay', () => {
  const inOne = { ...ann, resources: ['one'], key: 'one' };
  const targets = targetsOf(inOne, [
    slot('2026-11-24T15:00:00Z', ['ann'], ['two']), slot('2026-11-24T16:00:00Z', ['ben'], ['one']),
  ], { ...day, by: 'resources', keys: ['one', 'two'] });
  assert.deepEqual(brief(targets), ['two 10']);
  assert.deepEqual(targets[0].body, { start: '2026-11-24T15:00:00Z', resource_ids: ['two'] });
});

test('the nearest start of a column, if it is near enough', () => {
  const targets = [{ key: 'ann', minute: 540 }, { key: 'ann', minute: 600 }, { key: 'ben', minute: 570 }];
  assert.equal(nearest(targets, 'ann', 575).minute, 600);
  assert.equal(nearest(targets, 'ann', 700, 60), undefined);
  assert.equal(nearest(targets, 'cid', 540), undefined);
});

test('arrows: up and down in a column, left and right to the nearest of the next that has any', () => {
  const keys = ['ann', 'ben', 'cid'];
  const targets = [
    { key: 'ann', minute: 600 }, { key: 'ann', minute: 540 }, { key: 'cid', minute: 615 },
    { key: 'cid', minute: 900 },
  ];
  const at = { key: 'ann', minute: 570 };
  assert.equal(stepFrom(targets, at, 'ArrowDown', keys).minute, 600);
  assert.equal(stepFrom(targets, at, 'ArrowUp', keys).minute, 540);
  assert.deepEqual(stepFrom(targets, { key: 'ann', minute: 600 }, 'ArrowRight', keys),
    { key: 'cid', minute: 615 });
  assert.equal(stepFrom(targets, at, 'ArrowLeft', keys), undefined);
  assert.equal(stepFrom(targets, { key: 'ann', minute: 600 }, 'ArrowDown', keys), undefined);
});
