// The desk's keyboard map: single keys outside of fields, Alt with the same key inside them.

const isField = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName));

/**
 * `map` is key → action. Returns whether an event was taken, for tests.
 * Escape always leaves a field first.
 */
export function bindKeys(map, target = document) {
  const handle = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey) return false;
    // A dialog has its own keys.
    if (event.key !== 'Escape' && event.target.closest?.('dialog')) return false;
    const typing = isField(event.target);
    if (event.key === 'Escape') {
      if (event.repeat) return false;
      if (map.Escape?.(event)) event.preventDefault();
      return true;
    }
    if (typing && !event.altKey) return false;
    // With Alt some layouts send other characters, so the physical key counts there.
    const physical = event.code?.startsWith('Key') ? event.code.slice(3).toLowerCase()
      : event.code?.startsWith('Digit') ? event.code.slice(5)
        : event.code === 'Slash' ? (event.shiftKey ? '?' : '/') : undefined;
    // On a Cyrillic or other layout the letter is not in the map, but the key's place is. Where
    // `/` is on ours, many of them have the full stop and the comma.
    const isForeign = !/^[\x20-\x7e]+$/.test(event.key)
      || (event.code === 'Slash' && '.,'.includes(event.key));
    const key = (event.altKey || isForeign) && physical ? physical
      : event.key.length === 1 ? event.key.toLowerCase() : event.key;
    // A key held down does its thing once; only stepping goes on.
    const act = event.repeat && !'ju'.includes(key) ? undefined : map[key];
    if (!act) return false;
    event.preventDefault();
    act(event);
    return true;
  };
  target.addEventListener('keydown', handle);
  return handle;
}

/** Moves focus among siblings by arrows, Home and End. */
export function roving(container, selector) {
  container.addEventListener('keydown', (event) => {
    const items = [...container.querySelectorAll(selector)].filter((item) => !item.disabled);
    const index = items.indexOf(document.activeElement);
    if (index < 0) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    let next;
    if (step) next = items[(index + step + items.length) % items.length];
    if (event.key === 'Home') next = items[0];
    if (event.key === 'End') next = items.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
