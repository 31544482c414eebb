// A refresh that failed is tried again: what is shown must not stay old.

import { debounce } from '../lib/live.js';

/** Does it once after the last of a burst, and again after a while if the network failed. */
export function insist(act, milliseconds) {
  const soon = debounce(() => act().catch(() => setTimeout(soon, 1500)), milliseconds);
  return soon;
}
