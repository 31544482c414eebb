import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Piece, serve, settle, takeClock } from '../testing.js';
import { Booking, byDay, timeIn } from './booking.js';

const NEW_YORK = 'America/New_York';
const slot = (start) =>
  ({ start, end: new Date(Date.parse(start) + 45 * 60_000).toISOString() });

describe('Slots by day', () => {
  const days = (zone, ...starts) => byDay(starts.map(slot), zone, 'en-US')
    .map(([label, slots]) => [label, slots.map(({ start }) => start.slice(5, 16))]);

  it('go by the date of the business, not by that of the server', () => {
    const starts = ['2026-03-03T04:30:00Z', '2026-03-03T05:00:00Z', '2026-03-03T20:00:00Z'];
    assert.deepEqual(days(NEW_YORK, ...starts), [
      ['Mon, Mar 2', ['03-03T04:30']], ['Tue, Mar 3', ['03-03T05:00', '03-03T20:00']],
    ]);
    assert.deepEqual(days('Asia/Tokyo', ...starts), [
      ['Tue, Mar 3', ['03-03T04:30', '03-03T05:00']], ['Wed, Mar 4', ['03-03T20:00']],
    ]);
  });

  it('hold on the night when the clocks change', () => {
    assert.deepEqual(days(NEW_YORK, '2026-03-08T04:59:00Z', '2026-03-08T05:00:00Z',
      '2026-03-09T03:59:00Z', '2026-03-09T04:00:00Z').map(([label, list]) => [label, list.length]),
    [['Sat, Mar 7', 1], ['Sun, Mar 8', 2], ['Mon, Mar 9', 1]]);
  });

  it('stay in the order in which they came', () => {
    assert.deepEqual(days('UTC', '2026-03-31T10:00:00Z', '2026-04-01T08:00:00Z', '2026-04-01T09:00:00Z')
      .map(([label]) => label), ['Tue, Mar 31', 'Wed, Apr 1']);
  });

  it('are none when there are none', () => assert.deepEqual(days('UTC'), []));
});

describe('The time of a slot', () => {
  it('is what the clock of the business shows, midnight as 00', () => {
    assert.equal(timeIn(NEW_YORK, 'en-US')('2026-03-02T14:05:00Z'), '09:05');
    assert.equal(timeIn(NEW_YORK, 'en-US')('2026-07-02T14:05:00Z'), '10:05');
    assert.equal(timeIn('UTC', 'en-US')('2026-03-02T00:00:00Z'), '00:00');
    assert.equal(timeIn('UTC', 'en-US')('2026-03-02T18:00:00Z'), '18:00');
  });
});

describe('Choosing a slot', () => {
  const monday = ['2026-03-02T14:00:00Z', '2026-03-02T15:00:00Z'].map(slot);
  const tuesday = ['2026-03-03T14:00:00Z'].map(slot);
  const free = [200, { time_zone: NEW_YORK, slots: [...monday, ...tuesday] }];
  const inFive = () => new Date(Date.now() + 300_000).toISOString();
  let clock, booking, body, services;

  beforeEach(() => {
    clock = takeClock();
    body = new Piece();
    services = ['cut', 'color'].map((service) => new Piece({
      tag: 'BUTTON', className: 'booking-service', data: { service, name: service, price: '$65' },
    }));
    booking = new Booking(new Piece({
      data: { account: 'acc_1', conversation: 'cnv_1', contact: 'con_1', contactName: 'Ann' },
      children: { '[data-booking-body]': [body], '[data-service]': services },
    }));
  });
  afterEach(() => clock.restore());

  const slots = () => body.querySelectorAll('.slot');
  const until = async (act) => { act(); await settle(); };
  const press = async (key, more) => {
    const event = {
      key, target: document.activeElement, preventDefault() { event.isTaken = true; },
      stopPropagation() {}, stopImmediatePropagation() {}, ...more,
    };
    booking.key(event);
    await settle();
    return event.isTaken === true;
  };
  const held = () => [201, { id: 'hld_1', start: monday[0].start, expires_at: inFive() }];

  it('takes the service by its digit and shows what is free in the next two weeks', async () => {
    const asked = serve(free);
    booking.open();
    assert.equal(document.activeElement, services[0]);
    assert.ok(await press('2'));
    const { path } = asked[0];
    const query = new URL(path, 'https://office.example').searchParams;
    assert.ok(path.startsWith('/api/v1/accounts/acc_1/availability?'));
    assert.equal(query.get('service_id'), 'color');
    assert.equal(Date.parse(query.get('from')), clock.now());
    assert.equal(Date.parse(query.get('to')) - clock.now(), 14 * 86_400_000);
    assert.deepEqual(slots().map(({ title }) => title),
      ['Mon, Mar 2, 09:00', 'Mon, Mar 2, 10:00', 'Tue, Mar 3, 09:00']);
    assert.equal(document.activeElement, slots()[0]);
    assert.match(body.words, /2 free.*1 free/);
  });

  it('leaves digits without a service, and with a modifier, alone', async () => {
    const asked = serve();
    booking.open();
    assert.ok(!await press('3'));
    assert.ok(!await press('0'));
    assert.ok(!await press('1', { altKey: true }));
    assert.deepEqual(asked, []);
  });

  it('goes from day to day by arrows and stops at the last', async () => {
    serve(free);
    await until(() => booking.choose(services[0]));
    slots()[1].focus();
    assert.ok(await press('ArrowRight'));
    assert.equal(document.activeElement, slots()[2]);
    assert.ok(!await press('ArrowRight'));
    assert.ok(await press('ArrowLeft'));
    assert.equal(document.activeElement, slots()[0]);
    assert.ok(!await press('ArrowLeft'));
  });

  it('says when nothing is free', async () => {
    serve([200, { time_zone: NEW_YORK, slots: [] }]);
    await until(() => booking.choose(services[0]));
    assert.match(body.words, /No free time in the next 14 days/);
  });

  it('holds the slot that was chosen, once however often it is pressed', async () => {
    const asked = serve(free, held());
    await until(() => booking.choose(services[0]));
    await until(() => { slots()[1].click(); slots()[1].click(); });
    assert.equal(asked.length, 2);
    assert.equal(asked[1].path, '/api/v1/accounts/acc_1/holds');
    assert.deepEqual(asked[1].body, {
      service_id: 'cut', start: monday[1].start, ttl_seconds: 300, conversation_id: 'cnv_1',
    });
    assert.equal(booking.step, 'confirm');
    assert.match(body.words, /Mon, Mar 2, 10:00–10:45/);
    assert.match(body.words, /Held for 5:00/);
  });

  it('shows what is free now when somebody was quicker', async () => {
    const asked = serve(free, [409, { code: 'slot_taken' }],
      [200, { time_zone: NEW_YORK, slots: tuesday }]);
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    assert.equal(asked.length, 3);
    assert.deepEqual(slots().map(({ title }) => title), ['Tue, Mar 3, 09:00']);
    assert.equal(booking.step, 'slots');
  });

  it('can be tried again after the network failed', async () => {
    const asked = serve(free, 'lost', free, held());
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    assert.equal(booking.step, 'services');
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    assert.equal(booking.step, 'confirm');
    assert.equal(asked.length, 4);
  });

  it('counts the hold down and makes it longer before it ends', async () => {
    const asked = serve(free, held());
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    await clock.advance(61_000);
    assert.match(body.words, /Held for 3:59/);
    await clock.advance(193_000);
    assert.equal(asked.length, 2);
    asked.length = 0;
    globalThis.fetch = async (path) => {
      asked.push(path);
      return Response.json({ id: 'hld_1', start: monday[0].start, expires_at: inFive() });
    };
    await clock.advance(1000);
    assert.deepEqual(asked, ['/api/v1/holds/hld_1/extend']);
    assert.match(body.words, /Held for 5:00/);
  });

  it('asks once for more time, though the answer is lost, and says when the hold has ended', async () => {
    const asked = serve(free, held(), 'lost');
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    await clock.advance(299_000);
    assert.equal(asked.length, 3);
    assert.match(body.words, /Held for 0:01/);
    await clock.advance(10_000);
    assert.match(body.words, /The hold has ended/);
    assert.equal(asked.length, 3);
  });

  it('gives the hold back when another time is wanted', async () => {
    const asked = serve(free, held(), [204], free);
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    assert.ok(await press('Escape'));
    assert.deepEqual(asked.slice(2).map(({ method, path }) => `${method} ${path.split('?')[0]}`),
      ['DELETE /api/v1/holds/hld_1', 'GET /api/v1/accounts/acc_1/availability']);
    assert.equal(booking.step, 'slots');
    assert.ok(await press('Escape'));
    assert.equal(booking.step, 'services');
    assert.ok(!await press('Escape'), 'the page has its own Escape');
  });

  it('books what is held, for the client of the conversation', async () => {
    const asked = serve(free, held(),
      [201, { id: 'apt_1', start: monday[0].start, end: monday[0].end }]);
    await until(() => booking.choose(services[0]));
    await until(() => slots()[0].click());
    await until(() => booking.confirm('Ann', 'Window seat', new Piece()));
    assert.equal(asked.length, 3, 'the same name is not saved again');
    assert.deepEqual(asked[2].body, {
      service_id: 'cut', start: monday[0].start, hold_id: 'hld_1', notes: 'Window seat',
      contact_id: 'con_1', conversation_id: 'cnv_1',
    });
    assert.equal(booking.step, 'booked');
    assert.match(body.words, /Booked for Ann/);
    assert.equal(booking.held, undefined, 'there is nothing left to give back');
  });

  it('asks with the same key until it has heard yes or no', async () => {
    const booked = [201, { id: 'apt_1', start: monday[0].start, end: monday[0].end }];
    const keys = (asked) => asked.filter(({ path }) => path.endsWith('/appointments'))
      .map(({ headers }) => headers['idempotency-key']);
    const hold = async () => {
      await until(() => booking.choose(services[0]));
      await until(() => slots()[0].click());
    };
    const confirm = () => until(() => booking.confirm('Ann', '', new Piece()));

    let asked = serve(free, held(), 'lost', [502, {}], [409, { code: 'conflict' }], booked);
    await hold();
    for (let time = 0; time < 4; time += 1) await confirm();
    assert.equal(new Set(keys(asked)).size, 1, 'nobody knows whether it was booked');
    assert.equal(booking.step, 'booked');

    asked = serve(free, held(), [422, { code: 'invalid' }], booked);
    await hold();
    await confirm();
    await confirm();
    assert.equal(new Set(keys(asked)).size, 2, 'a no ends the matter');

    asked = serve(free, held(), 'lost', free, held(), booked);
    await hold();
    await confirm();
    await hold();
    await confirm();
    assert.equal(new Set(keys(asked)).size, 2, 'another hold is another booking');
  });
});
