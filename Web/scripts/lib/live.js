// The line of live events: one per page, resumed where it broke.

/**
 * Opens the event stream and calls `onEvent(type, data)` for each event and signal.
 * `onState('open' | 'lost')` says how the line is. EventSource resumes by Last-Event-ID.
 */
export function openLine({ session, account, after, onEvent, onState, Source = EventSource }) {
  const query = new URLSearchParams({ session });
  if (account) query.set('account', account);
  if (after) query.set('after', after);
  let source;
  let cursor = after;
  let timer;

  const listen = () => {
    query.delete('after');
    if (cursor) query.set('after', cursor);
    source = new Source(`/api/v1/events?${query}`);
    source.onopen = () => onState('open');
    source.onerror = () => {
      onState('lost');
      // A refused stream (signed out, server restarting) is closed for good: open a new one.
      if (source.readyState === 2) {
        clearTimeout(timer);
        timer = setTimeout(listen, 1000 + Math.random() * 2000);
      }
    };
    for (const type of TYPES) {
      source.addEventListener(type, (message) => {
        if (message.lastEventId) cursor = message.lastEventId;
        let data;
        try {
          data = JSON.parse(message.data);
        } catch {
          return; // Half a line of a broken connection.
        }
        onEvent(type, data);
      });
    }
  };
  listen();
  return {
    close() {
      clearTimeout(timer);
      source.close();
    },
  };
}

/** Named events need named listeners; these are all that pages react to. */
export const TYPES = [
  'message.received', 'message.created', 'message.sent', 'message.delivered', 'message.read',
  'message.failed', 'conversation.created', 'conversation.assigned',
  'conversation.status_changed', 'contact.updated', 'contact.created', 'inquiry.recorded',
  'inquiry.updated', 'appointment.confirmed', 'appointment.rescheduled', 'appointment.canceled',
  'appointment.completed', 'appointment.no_show', 'appointment.asked_to_move',
  'appointment.updated', 'hold.created', 'hold.released', 'hold.expired', 'resource.created', 'resource.updated',
  'guidance.updated', 'knowledge.created', 'knowledge.updated', 'knowledge.deleted',
  'canned_response.created', 'canned_response.updated', 'canned_response.deleted',
  'service.created', 'service.updated', 'schedule.updated', 'staff.created', 'staff.updated',
  'busy.created', 'busy.changed', 'busy.deleted', 'account.updated', 'user.duty_changed', 'typing',
];

/**
 * Keeps a page true: calls `soon` after events that concern it, each minute, since "in 20 min" and
 * the line of now grow old by themselves, and when it is looked at again. `cursor`: what the page
 * was made after, so that nothing is missed between the page and the line.
 */
export function follow({ session, account, cursor }, concerns, soon) {
  openLine({
    session,
    account,
    after: cursor,
    onEvent: (type) => {
      if (concerns.test(type)) soon();
    },
    onState: () => {},
  });
  setInterval(soon, 60_000);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) soon();
  });
}

/** Calls `act` once after the last of a burst. */
export function debounce(act, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), milliseconds);
  };
}
