import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Piece, serve, settle, takeClock, TextPiece } from '../testing.js';
import { Composer } from './composer.js';

let clock;
let number = 0;
beforeEach(() => { clock = takeClock(); });
afterEach(() => clock.restore());

const canned = [
  ['hello', 'Hello there', 'Hello, this is Rita!'], ['hours', 'Opening hours', 'We open at 9.'],
  ['heart', 'A word of thanks', 'You are welcome.'],
];

/** The composer as shown for a conversation; drafts outlive it. */
function show(conversation = `cnv_${number += 1}`) {
  const text = new TextPiece();
  const modes = ['reply', 'note'].map((mode) => new Piece({ tag: 'BUTTON', data: { mode } }));
  const items = canned.map(([shortcut, title, words]) =>
    new Piece({ text: title, data: { shortcut, text: words } }));
  const picker = Object.assign(new Piece({ children: { '[data-text]': items } }), { hidden: true });
  const form = new Piece({
    data: { conversation },
    children: { textarea: [text], '[data-canned]': [picker], '[data-mode]': modes },
  });
  const composer = new Composer(form, { onSent: () => { composer.sent = (composer.sent ?? 0) + 1; } });
  Object.assign(composer, { items, modes, conversation });
  composer.type = (words) => {
    text.write(words);
    text.dispatchEvent(new Event('input'));
  };
  composer.press = (key, more) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), { key, ...more });
    text.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return composer;
}

const messages = (asked) => asked.filter(({ path }) => path.endsWith('/messages'));
const keys = (asked) => messages(asked).map(({ headers }) => headers['idempotency-key']);

/** Answers messages in turn and whatever else with nothing. */
function serveMessages(...answers) {
  const asked = serve(...answers);
  const inTurn = globalThis.fetch;
  globalThis.fetch = async (path, options) =>
    (path.endsWith('/messages') ? inTurn(path, options) : new Response(null, { status: 204 }));
  return asked;
}

describe('Drafts', () => {
  beforeEach(() => serve());

  it('wait in their conversation, and in no other', () => {
    const first = show();
    first.type('half a sente');
    const second = show();
    assert.equal(second.text.value, '');
    second.type('something else');
    assert.equal(show(first.conversation).text.value, 'half a sente');
    assert.equal(show(second.conversation).text.value, 'something else');
  });

  it('stay a note when they were begun as one', () => {
    const composer = show();
    composer.modes[1].click();
    composer.type('Prefers Maria');
    assert.equal(show(composer.conversation).mode, 'note');
    assert.equal(show().mode, 'reply');
    const again = show(composer.conversation);
    again.focus('reply');
    assert.equal(show(composer.conversation).mode, 'reply');
  });

  it('are two texts: a note never becomes a word to the client', () => {
    const composer = show();
    composer.type('Good morning');
    composer.modes[1].click();
    assert.equal(composer.text.value, '');
    composer.type('Owes us ten');
    composer.modes[0].click();
    assert.equal(composer.text.value, 'Good morning');
    composer.modes[1].click();
    assert.equal(composer.text.value, 'Owes us ten');
  });

  it('give the field as many lines as they have, from two to eight', () => {
    const composer = show();
    for (const [lines, rows] of [[1, 2], [2, 2], [5, 5], [8, 8], [12, 8]]) {
      composer.type(Array(lines).fill('x').join('\n'));
      assert.equal(composer.text.rows, rows, `${lines} lines`);
    }
  });
});

describe('Sending', () => {
  it('sends what was written, once, and empties field and draft', async () => {
    const asked = serveMessages([201, {}]);
    const composer = show('cnv_send');
    composer.type('  Hello  ');
    assert.ok(composer.press('Enter'));
    assert.ok(composer.press('Enter'));
    await settle();
    assert.deepEqual(messages(asked).map(({ path, body }) => [path, body]),
      [['/api/v1/conversations/cnv_send/messages', { text: 'Hello', private: false }]]);
    assert.equal(composer.text.value, '');
    assert.equal(show('cnv_send').text.value, '');
    assert.equal(composer.sent, 1);
  });

  it('sends a note as one, and is for replies again afterwards', async () => {
    const asked = serveMessages([201, {}]);
    const composer = show();
    composer.focus('note');
    composer.type('Prefers Maria');
    composer.press('Enter');
    await settle();
    assert.equal(messages(asked)[0].body.private, true);
    assert.equal(composer.mode, 'reply');
  });

  it('shows the reply that was begun before the note', async () => {
    serveMessages([201, {}]);
    const composer = show();
    composer.type('Good morn');
    composer.focus('note');
    composer.type('Prefers Maria');
    composer.press('Enter');
    await settle();
    assert.deepEqual([composer.mode, composer.text.value], ['reply', 'Good morn']);
    assert.equal(show(composer.conversation).text.value, 'Good morn');
  });

  it('sends nothing of nothing, of a new line, or of a word being composed', async () => {
    const asked = serveMessages();
    const composer = show();
    composer.type('   \n');
    composer.press('Enter');
    composer.type('Привет');
    assert.ok(!composer.press('Enter', { shiftKey: true }));
    assert.ok(!composer.press('Enter', { isComposing: true }));
    await settle();
    assert.deepEqual(messages(asked), []);
  });

  it('keeps what was typed while it was being sent', async () => {
    serveMessages([201, {}]);
    const composer = show();
    composer.type('Hello');
    composer.press('Enter');
    composer.type('Hello again');
    await settle();
    assert.equal(composer.text.value, 'Hello again');
    assert.equal(show(composer.conversation).text.value, 'Hello again');
  });

  it('uses the same key until it knows what became of the message', async () => {
    const asked = serveMessages('lost', [503, {}], [409, {}], [201, {}], [201, {}]);
    const composer = show();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      composer.type('Hello');
      composer.press('Enter');
      await settle();
      assert.equal(composer.text.value, attempt < 3 ? 'Hello' : '', 'the text is kept');
    }
    composer.type('Hello');
    composer.press('Enter');
    await settle();
    const used = keys(asked);
    assert.ok(used[0]);
    assert.deepEqual(used.slice(0, 4), Array(4).fill(used[0]));
    assert.notEqual(used[4], used[0], 'another message has another key');
  });

  it('takes another key after a refusal: the text will be another', async () => {
    const asked = serveMessages([422, { detail: 'Too long.' }], [201, {}]);
    const composer = show();
    composer.type('Hello');
    composer.press('Enter');
    await settle();
    composer.press('Enter');
    await settle();
    assert.notEqual(keys(asked)[0], keys(asked)[1]);
  });
});

describe('The word about typing', () => {
  let asked;
  const states = () => asked.splice(0).map(({ body }) => body.state);
  beforeEach(() => { asked = serve(); });

  it('is said at most once in three seconds, and taken back after six of quiet', async () => {
    const composer = show();
    composer.type('H');
    await clock.advance(1000);
    composer.type('He');
    await clock.advance(1999);
    composer.type('Hel');
    assert.deepEqual(states(), ['on']);
    await clock.advance(1);
    composer.type('Hell');
    assert.deepEqual(states(), ['on']);
    await clock.advance(6000);
    assert.deepEqual(states(), ['off']);
  });

  it('is taken back by an empty field and by leaving it', async () => {
    const composer = show();
    composer.type('H');
    composer.type('');
    composer.type('H');
    composer.text.dispatchEvent(new Event('blur'));
    composer.text.dispatchEvent(new Event('blur'));
    assert.deepEqual(states(), ['on', 'off', 'on', 'off']);
  });

  it('is never said of a note, or where nothing was typed', () => {
    const composer = show();
    composer.text.dispatchEvent(new Event('blur'));
    composer.focus('note');
    composer.type('Prefers Maria');
    assert.deepEqual(states(), []);
  });
});

describe('Canned responses', () => {
  const offered = (composer) =>
    (composer.picker.hidden ? [] : composer.items.filter((item) => !item.hidden))
      .map(({ dataset }) => dataset.shortcut);
  beforeEach(() => serve());

  it('are offered after a slash that begins a word, by shortcut or title', () => {
    const composer = show();
    for (const [words, expected] of [
      ['/', ['hello', 'hours', 'heart']], ['/he', ['hello', 'heart']], ['/hel', ['hello']], ['/HEL', ['hello']],
      ['Good morning /opening', ['hours']], ['one\n/hou', ['hours']], ['/zzz', []],
      ['and/hello', []], ['/hello ', []], ['hello', []],
    ]) {
      composer.type(words);
      assert.deepEqual(offered(composer), expected, words);
    }
  });

  it('are chosen by arrows, all round, and put in place of the word', () => {
    const composer = show();
    composer.type('Good morning! /h');
    const chosen = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp'].map((key) => {
      assert.ok(composer.press(key));
      return composer.items.filter(({ attributes }) => attributes['aria-selected'] === 'true')
        .map(({ dataset }) => dataset.shortcut).join(' ');
    });
    assert.deepEqual(chosen, ['hours', 'heart', 'hello', 'heart', 'hours']);
    assert.ok(composer.press('Tab'));
    assert.equal(composer.text.value, 'Good morning! We open at 9.');
    assert.deepEqual(offered(composer), []);
  });

  it('take Enter only while they are offered', async () => {
    const asked = serveMessages([201, {}]);
    const composer = show();
    composer.type('/hel');
    composer.press('Enter');
    assert.equal(composer.text.value, 'Hello, this is Rita!');
    assert.deepEqual(messages(asked), []);
    composer.press('Enter');
    await settle();
    assert.equal(messages(asked)[0].body.text, 'Hello, this is Rita!');
  });

  it('go away by Escape, and what was typed stays', () => {
    const composer = show();
    composer.type('/hel');
    assert.ok(composer.press('Escape'));
    assert.deepEqual(offered(composer), []);
    assert.equal(composer.text.value, '/hel');
    assert.ok(!composer.press('Escape'), 'the page has its own Escape');
  });

  it('are put behind a space where a word stands before, and keep what comes behind', () => {
    const composer = show();
    composer.type('See: . Bye');
    composer.text.selectionStart = composer.text.selectionEnd = 4;
    composer.insert('We open at 9');
    assert.equal(composer.text.value, 'See: We open at 9 . Bye');
    composer.type('');
    composer.insert('Hi');
    assert.equal(composer.text.value, 'Hi');
  });
});
