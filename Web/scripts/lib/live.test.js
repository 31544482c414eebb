import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeClock } from '../testing.js';
import { debounce, openLine } from './live.js';

let clock;
beforeEach(() => { clock = takeClock(); });
afterEach(() => clock.restore());

describe('The line of live events', () => {
  let sources, events, states;

  class Source extends EventTarget {
    constructor(url) {
      super();
      this.url = new URL(url, 'https://office.example');
      this.readyState = 0;
      sources.push(this);
    }

    open() { this.readyState = 1; this.onopen(); }
    /** 0: the browser itself tries again; 2: it has given up. */
    fail(readyState) { this.readyState = readyState; this.onerror(); }
    close() { this.readyState = 2; this.isClosed = true; }
    say(type, data, lastEventId = '') {
      this.dispatchEvent(Object.assign(new Event(type), { data, lastEventId }));
    }

    get after() { return this.url.searchParams.get('after'); }
  }

  const line = (more) => openLine({
    session: 'office', Source,
    onEvent: (type, data) => events.push([type, data]), onState: (state) => states.push(state),
    ...more,
  });

  beforeEach(() => { sources = []; events = []; states = []; });

  it('asks for what came after the page was made', () => {
    line({ account: 'acc_1', after: '41' });
    assert.equal(sources[0].url.pathname, '/api/v1/events');
    assert.equal(sources[0].url.search, '?session=office&account=acc_1&after=41');
    line();
    assert.equal(sources[1].url.search, '?session=office');
  });

  it('tells events with their data, and skips half a line', () => {
    line();
    sources[0].say('message.received', '{"subject":"msg_1"}', '42');
    sources[0].say('message.received', '{"subj');
    sources[0].say('typing', '{"subject":"cnv_1"}');
    assert.deepEqual(events, [
      ['message.received', { subject: 'msg_1' }], ['typing', { subject: 'cnv_1' }],
    ]);
  });

  it('opens a new one after the last event seen when the server closed it', async () => {
    line({ after: '41' });
    sources[0].open();
    sources[0].say('message.received', '{}', '42');
    sources[0].say('message.created', '{}', '43');
    sources[0].say('typing', '{}');
    sources[0].fail(2);
    await clock.advance(999);
    assert.equal(sources.length, 1, 'not at once');
    await clock.advance(3000);
    assert.deepEqual(sources.map((source) => source.after), ['41', '43']);
    sources[1].fail(2);
    await clock.advance(3000);
    assert.equal(sources[2].after, '43');
    sources[2].open();
    assert.deepEqual(states, ['open', 'lost', 'lost', 'open']);
  });

  it('leaves it to the browser while that tries by itself', async () => {
    line();
    sources[0].fail(0);
    await clock.advance(60_000);
    assert.equal(sources.length, 1);
    assert.deepEqual(states, ['lost']);
  });

  it('opens one new line however often the old one says that it failed', async () => {
    line();
    sources[0].fail(2);
    sources[0].fail(2);
    await clock.advance(60_000);
    assert.equal(sources.length, 2);
  });

  it('stays closed once closed', async () => {
    const open = line();
    sources[0].fail(2);
    open.close();
    await clock.advance(60_000);
    assert.equal(sources.length, 1);
    assert.ok(sources[0].isClosed);
  });
});

describe('A burst', () => {
  it('is done once, after its last, with what that said', async () => {
    const done = [];
    const soon = debounce((value) => done.push(value), 100);
    for (const value of [1, 2, 3]) {
      soon(value);
      await clock.advance(99);
    }
    assert.deepEqual(done, []);
    await clock.advance(1);
    assert.deepEqual(done, [3]);
    soon(4);
    await clock.advance(100);
    assert.deepEqual(done, [3, 4]);
  });
});
