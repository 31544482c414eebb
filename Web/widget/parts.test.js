import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import { createClock, createStorage, parts, source } from './testing.js';

const { WORDS, backoff, linkParts, palette, safeStorage, sseParser, textNodes } = parts;

describe('The served file', () => {
  it('has at most 30 KB', () => assert.ok(Buffer.byteLength(source) <= 30_000));
  it('never makes markup or code of data, and sets no cookie', () => {
    assert.doesNotMatch(source, /(inner|outer)HTML|insertAdjacent|document\.(write|cookie)|eval\(/);
  });
  it('says everything in both languages', () => {
    assert.deepEqual(Object.keys(WORDS.ru).sort(), Object.keys(WORDS.en).sort());
  });
});

describe('Reading an event stream', () => {
  const parse = (...pieces) => {
    const events = [];
    pieces.forEach(sseParser((event) => events.push(event)));
    return events;
  };
  const whole = ': hello\r\nid: 7\r\nevent: message\r\ndata: {"a":\r\ndata:  1}\r\n\r\ndata: b\n\n';
  const expected = [
    { id: '7', event: 'message', data: '{"a":\n 1}' }, { id: '7', event: 'message', data: 'b' },
  ];

  it('joins data lines and skips comments', () => assert.deepEqual(parse(whole), expected));
  it('reads the same wherever the pieces end', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      assert.deepEqual(parse(whole.slice(0, cut), whole.slice(cut)), expected, `cut at ${cut}`);
    }
    assert.deepEqual(parse(...whole), expected);
  });
  it('takes a lone CR as the end of a line', () => {
    assert.deepEqual(parse('data: x\r\r'), [{ id: '', event: 'message', data: 'x' }]);
  });
  it('keeps line separators that JSON allows inside strings', () => {
    assert.equal(parse('data: a\u2028b\n\n')[0].data, 'a\u2028b');
  });
  it('tells nothing without data or before the blank line', () => {
    assert.deepEqual(parse(': beat\n\n', 'event: typing\n\n', 'data: unfinished\n'), []);
  });
  it('gives up on a line without end', () => {
    const read = sseParser(() => {});
    assert.throws(() => { for (let i = 0; i < 20; i++) read('x'.repeat(100_000)); });
  });
});

describe('Waiting before another try', () => {
  it('stays between 0.5 and 15 s and grows', () => {
    for (let attempt = 0; attempt < 2_000; attempt++) {
      for (const random of [0, 0.5, 0.999999]) {
        const wait = backoff(attempt, () => random);
        assert.ok(wait >= 500 && wait <= 15_000, `${attempt}: ${wait}`);
      }
    }
    assert.ok(backoff(0, () => 1) <= 1_000);
    assert.ok(backoff(6, () => 0.999999) > 14_000);
  });
});

describe('Links in texts', () => {
  const document = {
    createTextNode: (text) => ({ text }),
    createElement: (tag) => ({ tag }),
  };
  const links = (text) => linkParts(text).filter((part, index) => index % 2 === 1);

  it('become nodes that give nothing away', () => {
    assert.deepEqual(textNodes(document, 'See https://a.example/x?y=1, ok?'), [
      { text: 'See ' },
      {
        tag: 'a', href: 'https://a.example/x?y=1', textContent: 'https://a.example/x?y=1',
        target: '_blank', rel: 'noopener noreferrer nofollow',
      },
      { text: ', ok?' },
    ]);
  });
  it('are http and https only', () => {
    for (const text of ['javascript:alert(1)', 'JaVaScRiPt:https', 'data:text/html,x', 'ftp://a.b',
      'vbscript:x', 'xhttps://a.b', 'https://', 'mailto:a@b.c']) {
      assert.deepEqual(links(text), [], text);
    }
    assert.deepEqual(links('javascript://https://a.b'), ['https://a.b']);
    assert.deepEqual(links('HTTPS://A.B'), ['HTTPS://A.B']);
  });
  it('leave markup as text', () => {
    const text = '<script>alert("https://a.b/")</script><a href="https://c.d">x</a>';
    assert.equal(linkParts(text).join(''), text);
    assert.deepEqual(links(text), ['https://a.b/', 'https://c.d']);
  });
  it('end before the punctuation of the sentence', () => {
    assert.deepEqual(links('(https://a.b/c) https://a.b/d_(e). «https://a.b/f» https://a.b/g?!'),
      ['https://a.b/c', 'https://a.b/d_(e)', 'https://a.b/f', 'https://a.b/g']);
  });
  it('are found fast in hostile text', () => {
    const began = performance.now();
    linkParts('https://'.repeat(1_250));
    linkParts(`https://${'('.repeat(10_000)}`);
    linkParts(`https://${'.'.repeat(10_000)}`);
    assert.ok(performance.now() - began < 1_000);
  });
});

describe('The accent colour', () => {
  it('is the business’s only if it is a colour', () => {
    assert.equal(palette('#7c3aed').accent, '#7c3aed');
    for (const color of [undefined, null, 'red', '#fff', 'url(x)', '#7c3aed;x']) {
      assert.equal(palette(color).accent, '#2563eb');
    }
  });
  it('carries text that can be read', () => {
    const colors = ['#7c3aed', '#000000', '#fde047', '#ffffff'];
    assert.deepEqual(colors.map((color) => palette(color).ink),
      ['#fff', '#fff', '#111', '#111']);
  });
});

describe('Storage', () => {
  it('keeps values under the inbox’s prefix', () => {
    const storage = createStorage(), store = safeStorage(() => storage, 'autosecretary:inb_1');
    store.set('', 'vis_1');
    store.set(':draft', 'x');
    store.set(':draft', '');
    assert.deepEqual([...storage.map], [['autosecretary:inb_1', 'vis_1']]);
  });
  it('falls back to memory when blocked or full', () => {
    const blocked = safeStorage(() => { throw new Error('SecurityError'); }, 'p');
    assert.ok(!blocked.get('a'));
    blocked.set('a', '1');
    assert.equal(blocked.get('a'), '1');
    blocked.set('a', '');
    assert.ok(!blocked.get('a'));

    const full = createStorage({ pa: 'old' });
    full.setItem = () => { throw new Error('QuotaExceededError'); };
    const store = safeStorage(() => full, 'p');
    store.set('a', 'new');
    assert.equal(store.get('a'), 'new');
  });
});

describe('Telling the office that the visitor types', () => {
  const start = () => {
    const clock = createClock(), said = [];
    return { clock, said, notice: parts.typingNotice(clock, (state) => said.push(state)) };
  };

  it('says “on” at most every 3 s', async () => {
    const { clock, said, notice } = start();
    for (let key = 0; key < 70; key++) {
      notice.input();
      await clock.advance(100);
    }
    assert.deepEqual(said, ['on', 'on', 'on']);
  });
  it('says “off” once, after 5 s of idleness', async () => {
    const { clock, said, notice } = start();
    notice.input();
    await clock.advance(4_900);
    assert.deepEqual(said, ['on']);
    await clock.advance(60_000);
    assert.deepEqual(said, ['on', 'off']);
  });
  it('says “off” when stopped, and only after an “on”', () => {
    const { said, notice } = start();
    notice.stop();
    notice.input();
    notice.stop();
    notice.stop();
    assert.deepEqual(said, ['on', 'off']);
  });
});
