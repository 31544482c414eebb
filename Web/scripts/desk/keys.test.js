import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Piece } from '../testing.js';
import { bindKeys, roving } from './keys.js';

const page = new Piece({ tag: 'MAIN' });
const field = (tag) => new Piece({ tag });

/** A key as the browser tells it; `prevented` says whether the page took it. */
function stroke(key, code, more = {}) {
  const event = {
    key, code, target: page, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false,
    repeat: false, defaultPrevented: false, prevented: false, ...more,
  };
  event.preventDefault = () => { event.prevented = true; };
  return event;
}

describe('The keys of the desk', () => {
  let done, handle;

  beforeEach(() => {
    done = [];
    const map = { Escape: () => (done.push('Escape'), true) };
    for (const key of ['j', 'u', 'r', 'e', '?', '/', '1', '2']) map[key] = () => done.push(key);
    handle = bindKeys(map, new EventTarget());
  });

  const press = (...stroked) => {
    const event = stroke(...stroked);
    const isTaken = handle(event);
    if (event.key !== 'Escape') assert.equal(event.prevented, isTaken);
    return isTaken;
  };

  it('listens where it was told to', () => {
    const target = new EventTarget();
    let count = 0;
    bindKeys({ j: () => { count += 1; } }, target);
    target.dispatchEvent(Object.assign(new Event('keydown'), { key: 'j', code: 'KeyJ' }));
    assert.equal(count, 1);
  });

  it('does what the letter says, also with Shift or Caps Lock', () => {
    assert.ok(press('j', 'KeyJ'));
    assert.ok(press('R', 'KeyR', { shiftKey: true }));
    assert.ok(press('?', 'Slash', { shiftKey: true }));
    assert.ok(press('1', 'Digit1'));
    assert.deepEqual(done, ['j', 'r', '?', '1']);
  });

  it('goes by the place of the key where the letters are not Latin', () => {
    for (const [key, code] of [['о', 'KeyJ'], ['г', 'KeyU'], ['К', 'KeyR'], ['ε', 'KeyE'], ['ر', 'KeyJ'],
      ['१', 'Digit1']]) assert.ok(press(key, code), key);
    assert.deepEqual(done, ['j', 'u', 'r', 'e', 'j', '1']);
  });

  it('finds / and ? by their place there too', () => {
    // A Russian keyboard has the full stop and the comma there, a Bulgarian one a letter.
    assert.ok(press('.', 'Slash'));
    assert.ok(press(',', 'Slash', { shiftKey: true }));
    assert.ok(press('б', 'Slash'));
    // A German one has - there, which means nothing, and a full stop where ours is.
    assert.ok(!press('-', 'Slash'));
    assert.ok(!press('.', 'Period'));
    assert.ok(press('/', 'Digit7', { shiftKey: true }));
    assert.deepEqual(done, ['/', '?', '/', '/']);
  });

  it('goes by the letter where letters are Latin but placed otherwise', () => {
    // Dvorak has J where QWERTY has C; AZERTY types 1 with Shift on Digit1 and & without.
    assert.ok(press('j', 'KeyC'));
    assert.ok(!press('c', 'KeyJ'));
    assert.ok(!press('&', 'Digit1'));
    assert.deepEqual(done, ['j']);
  });

  it('leaves alone what has no meaning', () => {
    for (const stroked of [['x', 'KeyX'], ['ч', 'KeyX'], ['ü', 'BracketLeft'], ['Tab', 'Tab'], ['Enter', 'Enter'],
      ['Dead', 'KeyE'], ['Process', 'KeyJ']]) assert.ok(!press(...stroked), stroked[0]);
    assert.ok(!press('é', undefined));
    assert.deepEqual(done, []);
  });

  it('leaves the shortcuts of the browser alone', () => {
    assert.ok(!press('r', 'KeyR', { ctrlKey: true }));
    assert.ok(!press('r', 'KeyR', { metaKey: true }));
    assert.ok(!press('о', 'KeyJ', { ctrlKey: true }));
    // AltGr is Ctrl and Alt on Windows and types characters.
    assert.ok(!press('€', 'KeyE', { ctrlKey: true, altKey: true }));
    assert.deepEqual(done, []);
  });

  it('lets people type in fields', () => {
    const editable = Object.assign(field('DIV'), { isContentEditable: true });
    for (const target of [field('INPUT'), field('TEXTAREA'), field('SELECT'), editable]) {
      assert.ok(!press('j', 'KeyJ', { target }), target.tagName);
      assert.ok(!press('о', 'KeyJ', { target }), target.tagName);
    }
    assert.ok(press('j', 'KeyJ', { target: field('BUTTON') }));
    assert.deepEqual(done, ['j']);
  });

  it('takes Alt with the key inside fields, by place, whatever character comes of it', () => {
    const target = field('TEXTAREA');
    assert.ok(press('2', 'Digit2', { target, altKey: true }));
    assert.ok(press('∆', 'KeyJ', { target, altKey: true }));
    assert.ok(press('c', 'KeyJ', { target, altKey: true }));
    assert.ok(press('о', 'KeyJ', { target, altKey: true }));
    assert.deepEqual(done, ['2', 'j', 'j', 'j']);
  });

  it('steps on while a key is held but does nothing else twice', () => {
    assert.ok(press('j', 'KeyJ', { repeat: true }));
    assert.ok(press('u', 'KeyU', { repeat: true }));
    assert.ok(!press('e', 'KeyE', { repeat: true }));
    assert.ok(!press('Escape', 'Escape', { repeat: true }));
    assert.ok(press('о', 'KeyJ', { repeat: true }));
    assert.ok(!press('у', 'KeyE', { repeat: true }));
    assert.ok(!press('j', 'KeyE', { repeat: true, altKey: true }), 'with Alt the place counts');
    assert.deepEqual(done, ['j', 'u', 'j']);
  });

  it('leaves a field or a dialog by Escape only', () => {
    assert.ok(press('Escape', 'Escape', { target: field('INPUT') }));
    const button = Object.assign(field('BUTTON'), { inside: 'dialog' });
    assert.ok(!press('j', 'KeyJ', { target: button }));
    assert.ok(press('Escape', 'Escape', { target: button }));
    assert.deepEqual(done, ['Escape', 'Escape']);
  });

  it('takes Escape from the browser only when it meant something', () => {
    for (const means of [true, false]) {
      const event = stroke('Escape', 'Escape');
      bindKeys({ Escape: () => means }, new EventTarget())(event);
      assert.equal(event.prevented, means);
    }
  });

  it('keeps out of what something else has handled', () => {
    assert.ok(!press('j', 'KeyJ', { defaultPrevented: true }));
    assert.deepEqual(done, []);
  });
});

describe('Moving focus by arrows', () => {
  const tabs = ['a', 'b', 'c', 'd'].map((text) => new Piece({ text }));
  const list = new Piece({ children: { '.tab': tabs } });
  roving(list, '.tab');
  tabs[2].disabled = true;

  const move = (key) => {
    const event = Object.assign(new Event('keydown', { cancelable: true }), { key });
    list.dispatchEvent(event);
    return `${document.activeElement.textContent}${event.defaultPrevented ? '' : ' untouched'}`;
  };

  it('goes round both ways and past what is disabled', () => {
    tabs[0].focus();
    assert.deepEqual(['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowLeft'].map(move),
      ['b', 'd', 'a', 'd', 'b']);
  });

  it('goes to both ends', () => {
    assert.equal(move('End'), 'd');
    assert.equal(move('Home'), 'a');
  });

  it('leaves other keys, and focus that is elsewhere', () => {
    assert.equal(move('Enter'), 'a untouched');
    new Piece({ text: 'elsewhere' }).focus();
    assert.equal(move('ArrowDown'), 'elsewhere untouched');
  });
});
