import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createClock, createOffice, createPage, createStorage, parts } from './testing.js';

let clock, office;
const open = (storage) => createPage({ clock, office, storage });

beforeEach(() => {
  clock = createClock();
  office = createOffice(clock);
});

describe('The thread', () => {
  const message = (fields) => ({
    id: 'msg_1', direction: 'incoming', text: 'a', status: 'sent', source_id: null,
    created_at: '2026-01-01T10:00:00.000Z', ...fields,
  });
  const thread = (...messages) => {
    const made = parts.createThread();
    messages.forEach((each) => made.upsert(message(each)));
    return made;
  };

  it('knows a message again by id and by source_id', () => {
    const made = thread({}, { text: 'b' }, { id: 'msg_2', source_id: 's' },
      { id: 'msg_2', source_id: 's', text: 'c' });
    assert.deepEqual(made.all().map(({ text }) => text), ['b', 'c']);
  });
  it('keeps the office’s order however messages arrive', () => {
    const made = thread({ id: 'msg_3', created_at: '2026-01-01T10:00:01Z' }, { id: 'msg_2' }, {});
    assert.deepEqual(made.all().map(({ id }) => id), ['msg_1', 'msg_2', 'msg_3']);
  });
  it('never takes back “read”', () => {
    const made = thread({});
    made.receipt(['msg_1', 'msg_unknown'], 'read');
    made.receipt(['msg_1'], 'delivered');
    made.upsert(message({ text: 'edited', status: 'sent' }));
    assert.deepEqual(made.all().map(({ text, status }) => [text, status]), [['edited', 'read']]);
  });
  it('counts as unread what came after the last read message', () => {
    const out = (id, status) => ({ id, direction: 'outgoing', status });
    const made = thread(out('msg_1', 'delivered'), out('msg_2', 'read'), out('msg_3', 'sent'), {
      id: 'msg_4' }, out('msg_5', 'delivered'));
    assert.deepEqual(made.unread().map(({ id }) => id), ['msg_3', 'msg_5']);
  });
  it('ignores what is not a message, and has a bound', () => {
    const made = thread();
    [null, undefined, {}, { id: 'x' }, { text: 'x' }].forEach((odd) => made.upsert(odd));
    assert.equal(made.all().length, 0);
    for (let at = 1_000; at < 1_600; at++) made.upsert(message({ id: `msg_${at}` }));
    assert.equal(made.all().length, 500);
    assert.equal(made.all().at(-1).id, 'msg_1599');
  });
});

describe('Opening the page', () => {
  it('creates nothing at the office before the first message', async () => {
    const page = open();
    page.client.wake();
    page.client.typing.input();
    await clock.advance(60_000);
    assert.deepEqual(office.requests, []);
  });
  it('takes up the conversation with the stored token', async () => {
    const token = office.begin();
    office.add(office.session(), { direction: 'outgoing', text: 'Welcome back' });
    const page = open(createStorage({ 'autosecretary:inb_1': token }));
    page.client.wake();
    await clock.advance(10);
    assert.deepEqual(page.statuses(), ['Welcome back: ']);
    assert.equal(office.streams.length, 1);
    assert.match(office.requests.at(-1).url, /\/widget\/v1\/inb_1\/stream\?after=1$/);
  });
});

describe('Sending', () => {
  it('shows the text at once, creates one session and keeps the order', async () => {
    const page = open();
    ['one', 'two', 'three'].forEach((text) => page.client.send(text));
    assert.deepEqual(page.statuses(), ['one: sending', 'two: sending', 'three: sending']);
    await clock.advance(10);
    assert.deepEqual(page.statuses(), ['one: sent', 'two: sent', 'three: sent']);
    assert.deepEqual(office.texts(), ['one', 'two', 'three']);
    assert.equal(office.sessions.size, 1);
    assert.equal(page.storage.map.has('autosecretary:inb_1:outbox'), false);
  });
  it('repeats with the same source_id until acknowledged, without doubles', async () => {
    office.faults['POST messages'] = ['lose', 503, 'drop'];
    const page = open();
    page.client.send('once');
    page.client.send('after it');
    await clock.advance(60_000);
    assert.deepEqual(office.texts(), ['once', 'after it']);
    assert.deepEqual(page.statuses(), ['once: sent', 'after it: sent']);
  });
  it('takes the stream’s word for it when the answer got lost', async () => {
    const page = open();
    page.client.send('first');
    await clock.advance(10);
    office.faults['POST messages'] = ['lose'];
    page.client.send('second');
    await clock.advance(10);
    assert.deepEqual(page.statuses(), ['first: sent', 'second: sent']);
    await clock.advance(60_000);
    assert.equal(office.count('POST messages'), 2);
  });
  it('goes on after a reload', async () => {
    office.faults['POST messages'] = Array(3).fill('drop');
    const page = open();
    page.client.send('kept');
    await clock.advance(100);
    const again = open(page.storage);
    assert.deepEqual(again.statuses(), ['kept: sending']);
    again.client.wake();
    await clock.advance(60_000);
    assert.deepEqual(office.texts(), ['kept']);
    assert.deepEqual(again.statuses(), ['kept: sent']);
  });
  it('waits as long as the office asks', async () => {
    office.faults['POST messages'] = [{ status: 429, headers: { 'retry-after': '30' } }];
    const page = open();
    page.client.send('patient');
    await clock.advance(29_000);
    assert.equal(office.count('POST messages'), 1);
    await clock.advance(2_000);
    assert.deepEqual(page.statuses(), ['patient: sent']);
  });
  it('marks what is refused for good, sends the rest, and can try again', async () => {
    office.faults['POST messages'] = [422];
    const page = open();
    page.client.send('refused');
    await clock.advance(5);
    page.client.send('fine');
    await clock.advance(60_000);
    assert.deepEqual(page.statuses(), ['refused: failed', 'fine: sent']);
    assert.deepEqual(open(page.storage).statuses(), ['refused: failed']);
    const [{ key }] = page.client.rows();
    page.client.send('refused', key);
    await clock.advance(10);
    assert.deepEqual(page.statuses(), ['fine: sent', 'refused: sent']);
    const ids = office.requests.map(({ input }) => input?.source_id).filter(Boolean);
    assert.deepEqual([ids[0], ids[1] === key], [key, false]);
    assert.equal(ids.at(-1), key);
  });
  it('holds at most 50 unsent messages and refuses more', () => {
    office.fetch = () => new Promise(() => {});
    const page = open();
    const kept = Array.from({ length: 52 }, (_, index) => page.client.send(`m${index}`));
    assert.equal(kept.filter(Boolean).length, 50);
    assert.equal(page.client.outbox.items().length, 50);
    assert.equal(page.client.outbox.items()[0].text, 'm0');
  });
  it('survives a spoilt outbox', () => {
    for (const spoilt of ['{', 'null', '5', '[null]', '[{"text":"x"}]']) {
      const page = open(createStorage({ 'autosecretary:inb_1:outbox': spoilt }));
      assert.deepEqual(page.client.rows(), [], spoilt);
    }
  });
  it('works with storage blocked', async () => {
    const page = open(null);
    page.client.send('hello');
    await clock.advance(10);
    page.client.send('again');
    await clock.advance(10);
    assert.deepEqual(office.texts(), ['hello', 'again']);
    assert.equal(office.sessions.size, 1);
  });
});

describe('A lost session', () => {
  it('is replaced, and what was not acknowledged goes to the new one', async () => {
    const page = open();
    page.client.send('old');
    await clock.advance(10);
    office.sessions.clear();
    page.client.send('new');
    await clock.advance(10);
    assert.deepEqual(office.texts(), ['new']);
    assert.equal(office.count('POST sessions'), 2);
    await clock.advance(10_000);
    office.add(office.session(), { direction: 'outgoing', text: 'hello again' });
    await clock.advance(10);
    assert.deepEqual(page.client.rows().map((row) => row.text).at(-1), 'hello again');
    assert.equal(office.streams.filter(({ session }) => session === office.session()).length, 1);
  });
  it('is forgotten quietly when there is nothing to send', async () => {
    const page = open(createStorage({ 'autosecretary:inb_1': 'vis_gone' }));
    page.client.wake();
    await clock.advance(60_000);
    assert.equal(page.storage.map.size, 0);
    assert.deepEqual(office.requests.map(({ what }) => what), ['GET messages']);
  });
  it('does not make an office that refuses every token suffer', async () => {
    office.faults['POST messages'] = Array(1_000).fill(401);
    open().client.send('x');
    await clock.advance(60_000);
    assert.ok(office.count('POST sessions') < 20, String(office.count('POST sessions')));
  });
  it('leaves a newer token of another tab alone', async () => {
    const one = open(), two = open(one.storage);
    one.client.send('a');
    await clock.advance(10);
    two.client.wake();
    await clock.advance(10);
    office.sessions.clear();
    one.client.send('b');
    await clock.advance(10);
    two.client.send('c');
    await clock.advance(30_000);
    assert.equal(office.count('POST sessions'), 2);
    assert.deepEqual(office.texts(), ['b', 'c']);
  });
});

describe('The stream', () => {
  const talking = async () => {
    const page = open();
    page.client.send('hi');
    await clock.advance(10);
    return page;
  };

  it('brings messages, receipts, typing and who answers', async () => {
    const page = await talking(), session = office.session();
    office.emit(session, 'receipt', { message_ids: ['msg_0001'], status: 'read' });
    office.emit(session, 'assigned', { name: 'Ann' });
    office.emit(session, 'typing', { state: 'on', name: 'Ann' });
    await clock.advance(10);
    assert.deepEqual(page.statuses(), ['hi: read']);
    assert.deepEqual([page.client.state.agent, page.client.state.typing], ['Ann', 'Ann']);
    office.add(session, { direction: 'outgoing', text: 'hello', author: { name: 'Ann' } });
    await clock.advance(10);
    assert.equal(page.client.state.typing, '');
    assert.equal(page.client.rows().at(-1).name, 'Ann');
  });
  it('forgets typing that nobody ended', async () => {
    const page = await talking();
    office.emit(office.session(), 'typing', { state: 'on', name: 'Ann' });
    await clock.advance(16_000);
    assert.equal(page.client.state.typing, '');
  });
  it('resumes where it broke off: nothing missing, nothing doubled', async () => {
    const page = await talking();
    office.streams.forEach((stream) => stream.end());
    office.add(office.session(), { direction: 'outgoing', text: 'meanwhile' });
    await clock.advance(20_000);
    office.add(office.session(), { direction: 'outgoing', text: 'afterwards' });
    await clock.advance(10);
    assert.deepEqual(page.client.rows().map(({ text }) => text), ['hi', 'meanwhile', 'afterwards']);
    assert.equal(office.count('GET messages'), 1);
    assert.equal(office.streams.length, 1);
  });
  it('is dead after 40 s of silence, alive with heartbeats', async () => {
    await talking();
    for (let beat = 0; beat < 4; beat++) {
      await clock.advance(25_000);
      office.streams[0].write(': beat\n\n');
    }
    await clock.advance(10);
    assert.equal(office.count('GET stream'), 1);
    await clock.advance(42_000);
    assert.equal(office.count('GET stream'), 2);
  });
  it('backs off while the office is away and comes back at once when woken', async () => {
    const page = await talking();
    office.faults['GET stream'] = Array(200).fill('drop');
    office.streams.forEach((stream) => stream.end());
    await clock.advance(120_000);
    const tries = office.count('GET stream');
    assert.ok(tries > 8 && tries < 40, String(tries));
    assert.equal(page.client.state.trouble, true);
    office.faults = {};
    page.client.wake(true);
    await clock.advance(10);
    assert.equal(office.streams.length, 1);
    assert.equal(page.client.state.trouble, false);
  });
  it('is replaced at once when the network changes', async () => {
    const page = await talking();
    page.client.wake(true);
    page.client.wake();
    await clock.advance(10);
    assert.equal(office.count('GET stream'), 2);
    assert.equal(office.streams.length, 1);
  });
  it('begins anew when the office no longer knows the cursor', async () => {
    await talking();
    office.faults['GET stream'] = [400];
    office.streams.forEach((stream) => stream.end());
    await clock.advance(20_000);
    assert.equal(office.count('GET messages'), 2);
    assert.equal(office.streams.length, 1);
  });
  it('is only one however often the page is woken', async () => {
    const page = await talking();
    for (let i = 0; i < 5; i++) page.client.wake();
    page.client.listen();
    await clock.advance(10);
    assert.equal(office.streams.length, 1);
  });
  it('stumbles over no event', async () => {
    const page = await talking();
    for (const data of ['null', '5', '[]', '{', '{"message":null}', '{"message_ids":null}']) {
      for (const event of ['message', 'receipt', 'typing', 'assigned', 'unheard_of']) {
        office.streams[0].write(`event: ${event}\ndata: ${data}\n\n`);
      }
    }
    office.add(office.session(), { direction: 'outgoing', text: 'still here' });
    await clock.advance(10);
    assert.equal(page.client.rows().at(-1).text, 'still here');
    assert.equal(office.count('GET stream'), 1);
  });
});

describe('Reading', () => {
  it('is told once, and again later if the office did not hear it', async () => {
    const page = open();
    page.client.send('hi');
    await clock.advance(10);
    const { id } = office.add(office.session(), { direction: 'outgoing', text: 'hello' });
    await clock.advance(10);
    assert.equal(page.client.thread.unread().length, 1);
    office.faults['POST read'] = ['drop'];
    page.client.markRead();
    page.client.markRead();
    await clock.advance(10);
    assert.equal(page.client.thread.unread().length, 0);
    office.streams.forEach((stream) => stream.end());
    await clock.advance(30_000);
    office.streams.forEach((stream) => stream.end());
    await clock.advance(30_000);
    const told = office.requests.filter(({ what }) => what === 'POST read');
    assert.deepEqual(told.map(({ input }) => input.message_id), [id, id]);
  });
});

describe('When the office answers', () => {
  it('is asked again when its word ends, and kept while the office does not say', async () => {
    const page = open(), known = { reply_time: 'Closed now.', online: false, valid_for: 600 };
    page.client.follow(known);
    office.config = { reply_time: 'Usually answers in a minute', online: true, valid_for: 60 };
    await clock.advance(599_000);
    assert.equal(known.online, false);
    await clock.advance(2_000);
    assert.equal(known.reply_time, 'Usually answers in a minute');
    assert.equal(page.changes, 1);
    office.faults['GET config'] = ['drop', 503];
    office.config = { reply_time: 'Closed now.', online: false, valid_for: 3600 };
    await clock.advance(121_000);
    assert.equal(known.online, true);
    await clock.advance(61_000);
    assert.equal(known.online, false);
    const asked = office.count('GET config');
    await clock.advance(3_000_000);
    assert.equal(office.count('GET config'), asked);
  });
});
