import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { serve } from '../testing.js';
import { call, fragment, Problem, uuid } from './api.js';

describe('Calling the API', () => {
  let reloads;
  beforeEach(() => {
    reloads = 0;
    globalThis.location = { reload: () => { reloads += 1; } };
  });

  it('says who asks, from which page, and what', async () => {
    const asked = serve([200, { id: 'cnv_1' }]);
    assert.deepEqual(await call('PATCH', '/contacts/1', { name: 'Ann' }), { id: 'cnv_1' });
    assert.deepEqual(asked, [{
      path: '/api/v1/contacts/1', method: 'PATCH', body: { name: 'Ann' },
      headers: { 'x-session': 'office', 'x-csrf-token': 'token-1', 'content-type': 'application/json' },
    }]);
  });

  it('sends the key of what must be done once only with POST', async () => {
    const asked = serve([201, {}], [200, {}]);
    await call('POST', '/x', {}, { key: 'k1' });
    await call('PUT', '/x', {}, { key: 'k1' });
    assert.deepEqual(asked.map(({ headers }) => headers['idempotency-key']), ['k1', undefined]);
  });

  it('says which version it means, where that matters', async () => {
    const asked = serve([200, {}], [200, {}]);
    await call('POST', '/x', {}, { version: 7 });
    await call('POST', '/x', {});
    assert.deepEqual(asked.map(({ headers }) => headers['if-match']), ['"7"', undefined]);
  });

  it('has nothing to say about an answer without content', async () => {
    const asked = serve([204]);
    assert.equal(await call('DELETE', '/holds/1'), null);
    assert.equal(asked[0].headers['content-type'], undefined);
  });

  it('tells a refusal as the server said it', async () => {
    const errors = [{ field: 'name', message: 'is missing' }];
    serve([422, { code: 'invalid', detail: 'That is not right.', errors }]);
    await assert.rejects(call('POST', '/x', {}), (error) => {
      assert.ok(error instanceof Problem);
      assert.deepEqual([error.status, error.code, error.message, error.errors],
        [422, 'invalid', 'That is not right.', errors]);
      return true;
    });
    assert.equal(reloads, 0);
  });

  it('survives a refusal that is not ours', async () => {
    globalThis.fetch = async () => new Response('<h1>Bad gateway</h1>', { status: 502 });
    await assert.rejects(call('GET', '/x'), (error) => error.status === 502 && error.code === 'unknown'
      && error.message === 'The server answered 502.' && error.errors.length === 0);
  });

  it('loads the page again, to sign in, when the session has ended', async () => {
    serve([401, {}]);
    await assert.rejects(call('GET', '/x'));
    assert.equal(reloads, 1);
  });

  it('fails for a piece of page that did not come', async () => {
    serve([500, {}]);
    await assert.rejects(fragment('/desk/queue'), (error) => error.status === 500);
    serve('lost');
    await assert.rejects(fragment('/desk/queue'), TypeError);
    serve([200, 'here']);
    assert.equal(await fragment('/desk/queue'), '"here"');
  });
});

describe('Keys', () => {
  it('differ, also where the browser makes none', () => {
    assert.notEqual(uuid(), uuid());
    const { randomUUID, getRandomValues } = crypto;
    crypto.randomUUID = undefined;
    try {
      assert.notEqual(uuid(), uuid());
      crypto.getRandomValues = (bytes) => bytes.fill(10);
      assert.equal(uuid(), '0a'.repeat(16));
    } finally {
      Object.assign(crypto, { randomUUID, getRandomValues });
    }
  });
});
