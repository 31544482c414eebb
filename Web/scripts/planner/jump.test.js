import { test } from 'node:test';
import assert from 'node:assert/strict';
import { Piece } from '../testing.js';
import { bindJump } from './jump.js';

function form() {
  const button = new Piece({ className: 'go' });
  const made = new Piece({ children: { '[data-without-script]': [button] } });
  made.sent = 0;
  made.isGood = true;
  made.checkValidity = () => made.isGood;
  made.submit = () => { made.sent += 1; };
  bindJump(made);
  return { made, button };
}
const key = (name) => Object.assign(new Event('keydown'), { key: name });

test('the mouse leads on at once, but not to a date that is none', () => {
  const { made, button } = form();
  assert.equal(button.hidden, true);
  made.isGood = false;
  made.dispatchEvent(new Event('change'));
  assert.equal(made.sent, 0);
  made.isGood = true;
  made.dispatchEvent(new Event('change'));
  assert.equal(made.sent, 1);
});

test('who chooses by keys passes values on the way and goes by the button', () => {
  const { made, button } = form();
  made.dispatchEvent(key('Tab'));
  assert.equal(button.hidden, true);
  made.dispatchEvent(key('ArrowDown'));
  made.dispatchEvent(new Event('change'));
  assert.equal(made.sent, 0);
  assert.equal(button.hidden, false);
  made.dispatchEvent(new Event('pointerdown'));
  made.dispatchEvent(new Event('change'));
  assert.equal(made.sent, 1);
});
