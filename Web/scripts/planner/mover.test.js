import { test } from 'node:test';
import assert from 'node:assert/strict';
import { serve } from '../testing.js';
import { Mover, reason } from './mover.js';
import { localIn } from './targets.js';

const frame = {
  account: 'acct_1', from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00Z', view: 'day',
  by: 'staff', local: localIn('UTC'),
};
const dana = {
  id: 'appt_1', version: 3, service: 'svc_1', staff: ['ann'], resources: [],
  start: '2026-11-24T10:00:00Z', end: '2026-11-24T11:00:00Z', key: 'ann', name: 'Dana',
};
const slots = [
  { start: '2026-11-24T10:00:00Z', end: '2026-11-24T11:00:00Z', staff_ids: ['ann'], resource_ids: [] },
  { start: '2026-11-24T12:00:00Z', end: '2026-11-24T13:00:00Z', staff_ids: ['ann', 'ben'], resource_ids: [] },
];

/** A view that writes down what it is told. */
function view() {
  const log = [];
  return {
    log,
    keys: () => ['ann', 'ben'],
    mark: (targets) => log.push(['mark', targets.length]),
    show: (target) => log.push(['show', target?.key, target?.start]),
    clear: () => log.push(['clear']),
    say: (words) => log.push(['say', words]),
    done(words, undo) { log.push(['done', words]); this.undo = undo; },
    refused(words, others, retry) { if (words) log.push(['refused', words, others.length]); this.retry = retry; },
    refresh: async (id) => { log.push(['refresh', id]); },
    describe: (target) => `${target.start.slice(11, 16)} ${target.key}`,
  };
}

async function pickedUp(...answers) {
  const asked = serve([200, { slots }], ...answers);
  const seen = view();
  const mover = new Mover(seen);
  assert.equal(await mover.pick(dana, frame), true);
  return { asked, seen, mover };
}

test('asks for the free times as if it were not there', async () => {
  const { asked, seen } = await pickedUp();
  const query = new URLSearchParams(asked[0].path.split('?')[1]);
  assert.equal(query.get('appointment_id'), 'appt_1');
  assert.equal(query.get('service_id'), 'svc_1');
  assert.deepEqual(seen.log, [['mark', 3]]);
});

test('moves with the version that was seen, and back with the one that came', async () => {
  const { asked, seen, mover } = await pickedUp([200, { id: 'appt_1', version: 4 }], [200, {}]);
  mover.step('ArrowDown');
  mover.step('ArrowRight');
  await mover.drop();
  assert.equal(asked[1].method, 'PATCH');
  assert.equal(asked[1].headers['if-match'], '"3"');
  assert.deepEqual(asked[1].body, { start: '2026-11-24T12:00:00Z', staff_id: 'ben' });
  assert.deepEqual(seen.log.slice(-2), [['refresh', 'appt_1'], ['done', 'Moved to 12:00 ben.']]);
  assert.equal(mover.isMoving, false);
  await seen.undo();
  assert.equal(asked[2].headers['if-match'], '"4"');
  assert.deepEqual(asked[2].body, { start: '2026-11-24T10:00:00Z', staff_id: 'ann' });
});

test('a taken time: says so, and the alternative moves it', async () => {
  const other = { start: '2026-11-24T14:00:00Z', end: '2026-11-24T15:00:00Z' };
  const { asked, seen, mover } = await pickedUp(
    [409, { code: 'slot_taken', detail: 'This time is taken.', alternatives: [other] }],
    [200, { id: 'appt_1', version: 4 }]);
  mover.over('ben', 700, 60);
  await mover.drop();
  assert.deepEqual(seen.log.at(-2), ['refused', 'This time is taken.', 1]);
  await seen.retry(other, '14:00');
  assert.deepEqual(asked[2].body, { start: other.start, staff_id: 'ben' });
  assert.deepEqual(seen.log.at(-1), ['done', 'Moved to 14:00.']);
});

test('a lost line and a fault of the server say so and offer nothing', async () => {
  for (const answer of ['lost', [500, null]]) {
    const { seen, mover } = await pickedUp(answer);
    mover.over('ben', 720, 60);
    await mover.drop();
    assert.equal(seen.log.at(-1)[0], 'refused');
    assert.equal(seen.log.at(-1)[2], 0);
  }
});

test('where it is now, nowhere and Escape change nothing', async () => {
  for (const act of [
    (mover) => mover.over('ann', 600, 60), (mover) => mover.over('ann', 1200, 60), () => {},
  ]) {
    const { asked, seen, mover } = await pickedUp();
    act(mover);
    await mover.drop();
    assert.equal(asked.length, 1);
    assert.deepEqual(seen.log.slice(-2), [['clear'], ['say', 'Left where it was.']]);
  }
});

test('without any other free time it is not picked up', async () => {
  serve([200, { slots: [slots[0]] }]);
  const seen = view();
  const mover = new Mover(seen);
  assert.equal(await mover.pick(dana, frame), false);
  assert.equal(mover.isMoving, false);
  assert.match(seen.log.at(-1)[1], /no free time here for Dana/);
});

test('let go before the answer, it stays let go', async () => {
  serve([200, { slots }]);
  const seen = view();
  const mover = new Mover(seen);
  const picking = mover.pick(dana, frame);
  mover.cancel();
  assert.equal(await picking, false);
  assert.ok(!seen.log.some(([what]) => what === 'mark'));
});

test('a reason is the sentence and not the field', () => {
  assert.equal(reason({ errors: [{ field: 'start', message: 'is in the past.' }] }), 'Is in the past.');
});
