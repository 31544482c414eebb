// Taking back what was just said of a conversation: resolved, snoozed, parked.

import { call, saying } from '../lib/api.js';
import { toast } from '../lib/toast.js';
import { t } from '../lib/words.js';

let last;

/**
 * Says what was done and offers to take it back for a while. `version` is what the act left: if
 * anything has changed since, a new message above all, it stays as it is now.
 */
export function offerUndo(said, { id, version, before, until }, onUndone) {
  if (!before) {
    toast(said, 'done');
    return;
  }
  const act = {
    id,
    run: async () => {
      act.end();
      if (last === act) last = undefined;
      try {
        await call('POST', `/conversations/${id}/status`, earlier(before, until), { version });
        toast(t('Taken back.'), 'done');
        onUndone();
      } catch (error) {
        toast(error.status === 412
          ? t('Not taken back: it has changed since.') : saying(error), 'error');
      }
    },
  };
  act.end = toast(said, 'done', { label: t('Undo'), key: 'Z', run: act.run });
  last = act;
}

/** The key's way; the offer counts as long as nothing else was done. */
export function undoLast() {
  const act = last;
  last = undefined;
  act?.run();
}

/** A snooze whose time has passed meanwhile is over. */
function earlier(status, until) {
  if (status !== 'snoozed') return { status };
  return Date.parse(until) > Date.now() + 1000
    ? { status, snoozed_until: until } : { status: 'open' };
}
