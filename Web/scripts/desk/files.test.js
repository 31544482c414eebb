import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { sendFile } from './files.js';

let asked;
let answers;
beforeEach(() => {
  asked = [];
  answers = [];
  globalThis.document = { querySelector: () => null, documentElement: {} };
  globalThis.setTimeout = (run) => { queueMicrotask(run); };
  globalThis.fetch = async (path, { method, headers, body }) => {
    asked.push({ path, method, offset: headers['upload-offset'], size: body?.size });
    const answer = answers.shift();
    if (answer === 'lost') throw new TypeError('Failed to fetch');
    const [status, more] = answer;
    return new Response(status === 204 || status === 200 ? null : '{}', { status, headers: more });
  };
});

const file = (size) => Object.assign(new Blob([new Uint8Array(size)]), { name: 'ä.bin' });
const made = [201, { location: '/api/v1/files/file_1' }];
const at = (offset, status = 204) => [status, { 'upload-offset': String(offset) }];

describe('A file on its way', () => {
  it('goes in pieces', async () => {
    const seen = [];
    answers = [made, at(4 << 20), at(5 << 20)];
    const id = await sendFile('acct_1', file(5 << 20), { onProgress: (done) => seen.push(done) });
    assert.equal(id, 'file_1');
    assert.deepEqual(asked.map(({ offset }) => offset), [undefined, '0', String(4 << 20)]);
    assert.deepEqual(seen, [0.8, 1]);
  });

  it('goes on where the server says, after the line broke', async () => {
    answers = [made, 'lost', at(100, 200), at(1000)];
    assert.equal(await sendFile('acct_1', file(1000)), 'file_1');
    assert.deepEqual(asked.map(({ method, offset }) => [method, offset]),
      [['POST', undefined], ['PATCH', '0'], ['HEAD', undefined], ['PATCH', '100']]);
    assert.equal(asked[3].size, 900);
  });

  it('is not sent again after a refusal', async () => {
    answers = [made, [413]];
    await assert.rejects(sendFile('acct_1', file(10)), { status: 413 });
    assert.equal(asked.length, 2);
  });

  it('is given up in the end', async () => {
    answers = [made, ...Array(12).fill('lost')];
    await assert.rejects(sendFile('acct_1', file(10)));
    assert.ok(asked.length < 12);
  });

  it('stops when nobody wants it any more', async () => {
    answers = [made, [204]];
    assert.equal(await sendFile('acct_1', file(10), { isWanted: () => false }), null);
    assert.equal(asked[1].method, 'DELETE');
  });
});
