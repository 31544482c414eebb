// What the tests of the browser's scripts share: a clock moved by hand, a server that answers as
// told, and as little of a page as the scripts under test touch.
import { webcrypto } from 'node:crypto';
import { createClock, settle } from '../widget/testing.js';

export { settle };

const own = { setTimeout, clearTimeout, setInterval, clearInterval };
const realNow = Date.now;

/** Puts a clock moved by hand in place of the real one until `restore()`. */
export function takeClock() {
  const clock = createClock();
  globalThis.setTimeout = (run, after) => clock.setTimeout(run, after ?? 0);
  globalThis.clearTimeout = clock.clearTimeout;
  globalThis.setInterval = (run, after) => {
    const turn = {};
    const again = () => {
      turn.timer = clock.setTimeout(() => { again(); run(); }, after);
    };
    again();
    return turn;
  };
  globalThis.clearInterval = (turn) => clock.clearTimeout(turn?.timer);
  Date.now = clock.now;
  clock.restore = () => {
    Object.assign(globalThis, own);
    Date.now = realNow;
  };
  return clock;
}

/** `answers` are taken in turn: [status, body], or 'lost' for a connection that broke. */
export function serve(...answers) {
  const asked = [];
  globalThis.fetch = async (path, options = {}) => {
    asked.push({
      path, method: options.method ?? 'GET', headers: options.headers ?? {},
      body: options.body && JSON.parse(options.body),
    });
    const answer = answers.shift() ?? [204];
    if (answer === 'lost') throw new TypeError('Failed to fetch');
    const [status, body] = answer;
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  };
  return asked;
}

/** A piece of page: attributes, data, what was put into it, and `children` found by selector. */
export class Piece extends EventTarget {
  constructor({ tag = 'DIV', className = '', data = {}, text = '', children = {} } = {}) {
    super();
    Object.assign(this, {
      tagName: tag, className, dataset: { ...data }, textContent: text, children, hidden: false,
      isContentEditable: false, attributes: {}, nodes: [],
    });
    this.classList = { toggle: (name, isOn) => { this.attributes[name] = isOn; } };
  }

  setAttribute(name, value) { this.attributes[name] = value; }
  getAttribute(name) { return this.attributes[name] ?? null; }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
  querySelectorAll(selector) {
    return this.children[selector] ?? this.within().filter((piece) => piece.matches(selector));
  }
  within() { return this.nodes.flatMap((piece) => [piece, ...piece.within()]); }
  contains(other) { return other === this || this.within().includes(other); }
  matches(selector) { return this.className.split(' ').includes(selector.slice(1)); }
  closest(selector) { return this.inside === selector ? this : null; }
  append(...nodes) { this.nodes.push(...nodes); }
  replaceChildren(...nodes) { this.nodes = nodes; }
  remove() {}
  scrollIntoView() {}
  focus() { document.activeElement = this; }
  click() { this.dispatchEvent(new Event('click')); }
  /** All that can be read in it. */
  get words() { return [this, ...this.within()].map((piece) => piece.textContent).join(' '); }
}

/** A textarea with a cursor. */
export class TextPiece extends Piece {
  constructor() {
    super({ tag: 'TEXTAREA' });
    this.write('');
  }

  get value() { return this.text; }
  set value(text) { this.write(text); }

  /** As typed: the cursor stands behind it. */
  write(text) {
    this.text = text;
    this.selectionStart = this.selectionEnd = text.length;
  }

  setRangeText(text, start, end) {
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    this.selectionStart = this.selectionEnd = start + text.length;
  }
}

globalThis.crypto ??= webcrypto; // Older runtimes have it under another name,
globalThis.CustomEvent ??= class extends Event {}; // or not at all.
globalThis.HTMLElement = Piece;
globalThis.document = {
  activeElement: null,
  documentElement: { lang: 'en' },
  body: new Piece(),
  facts: { 'meta[name="as-session"]': 'office', 'meta[name="as-csrf"]': 'token-1' },
  querySelector: (selector) =>
    selector in document.facts ? { content: document.facts[selector] } : null,
  createElement: (tag) => new Piece({ tag: tag.toUpperCase() }),
};
