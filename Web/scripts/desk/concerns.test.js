import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TYPES } from '../lib/live.js';
import { concerns } from './concerns.js';

const shown = { current: 'cnv_1', account: 'acc_1' };

/** The names of the parts that an event makes old. */
const parts = (type, data) => Object.entries(concerns(type, data, shown))
  .filter(([name, isOld]) => isOld && name !== 'isCurrent').map(([name]) => name).join(' ');
const about = (conversation, more) => ({ payload: { conversation_id: conversation }, ...more });

describe('What an event makes old', () => {
  it('is queue, log and head for a message in the open conversation', () => {
    assert.equal(parts('message.received', about('cnv_1')), 'queue log head');
    assert.equal(parts('message.created', about('cnv_1')), 'queue log head');
    assert.equal(parts('message.read', about('cnv_1')), 'queue log');
  });
  it('is only the queue for a message elsewhere', () => {
    assert.equal(parts('message.received', about('cnv_2')), 'queue');
  });
  it('finds the conversation of its own events in their subject', () => {
    assert.equal(parts('conversation.assigned', { subject: 'cnv_1' }), 'queue head');
    assert.equal(parts('conversation.assigned', { subject: 'cnv_2' }), 'queue');
  });
  it('is the side for what changes at the business that is shown, and at no other', () => {
    for (const type of ['service.updated', 'appointment.confirmed', 'knowledge.deleted', 'busy.created',
      'guidance.updated', 'inquiry.recorded', 'account.updated', 'canned_response.created']) {
      assert.equal(parts(type, { account_id: 'acc_1', payload: {} }), 'side', type);
      assert.equal(parts(type, { account_id: 'acc_2', payload: {} }), '', type);
    }
  });
  it('is the head too when a client of the business has another name', () => {
    assert.equal(parts('contact.updated', { account_id: 'acc_1' }), 'queue head side');
    assert.equal(parts('contact.updated', { account_id: 'acc_2' }), 'queue');
  });
  it('says whether it is about the open conversation', () => {
    assert.ok(concerns('message.received', about('cnv_1'), shown).isCurrent);
    assert.ok(!concerns('message.received', about('cnv_2'), shown).isCurrent);
  });
  it('is something for all that is listened to but holds, rooms, duty and typing', () => {
    const without = TYPES.filter((type) =>
      !parts(type, about('cnv_1', { subject: 'cnv_1', account_id: 'acc_1' })));
    assert.deepEqual(without, [
      'hold.created', 'hold.released', 'hold.expired', 'resource.created', 'resource.updated',
      'user.duty_changed', 'typing',
    ]);
  });
});
