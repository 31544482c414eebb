// Dragging by mouse, pen or finger: a mouse drags once it has moved, a finger after a rest, so that
// a finger that moves at once still scrolls.

const SLOP = 5;
const REST = 380;
const EDGE = 48;
/** How far from a free start, in minutes, the pointer may be. */
const REACH = 60;

/** `grid()` is the one of a link; `mover` does the moving. Returns what to call when it is over. */
export function bindDrag(mover, gridOf) {
  let drag;

  const begin = () => {
    drag.isOn = true;
    clearTimeout(drag.timer);
    drag.link.setPointerCapture?.(drag.id);
    navigator.vibrate?.(10);
    mover.pick(drag.grid.picked(drag.link), drag.grid.frame).then(() => track());
    drag.scrolling = setInterval(scroll, 16);
    drag.grid.root.classList.add('is-moving');
  };

  const track = () => {
    if (!drag?.isOn || !mover.isMoving) return;
    const at = drag.grid.at(drag.x, drag.y - drag.offset);
    if (at) mover.over(at.key, at.minute, REACH);
    else mover.over(undefined, 0, REACH);
  };

  /** Near an edge the grid goes on by itself. */
  const scroll = () => {
    const box = drag?.grid.scroll.getBoundingClientRect();
    if (!box) return;
    const pull = (at, low, high) =>
      (at < low + EDGE ? (at - low - EDGE) / 4 : at > high - EDGE ? (at - high + EDGE) / 4 : 0);
    const [left, top] = [pull(drag.x, box.left, box.right), pull(drag.y, box.top, box.bottom)];
    if (!left && !top) return;
    drag.grid.scroll.scrollBy(Math.max(-12, Math.min(12, left)), Math.max(-12, Math.min(12, top)));
    track();
  };

  const stop = () => {
    clearTimeout(drag?.timer);
    clearInterval(drag?.scrolling);
    const was = drag;
    drag = undefined;
    return was;
  };

  document.addEventListener('pointerdown', (event) => {
    const link = event.target.closest?.('[data-movable]');
    if (!link || event.button !== 0 || mover.isMoving) return;
    const grid = gridOf(link);
    if (!grid?.isGrid) return;
    drag = {
      link, grid, id: event.pointerId, isTouch: event.pointerType === 'touch',
      x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY],
      offset: event.clientY - link.getBoundingClientRect().top,
    };
    if (drag.isTouch) drag.timer = setTimeout(begin, REST);
  });

  document.addEventListener('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    [drag.x, drag.y] = [event.clientX, event.clientY];
    if (drag.isOn) {
      event.preventDefault();
      track();
      return;
    }
    if (Math.hypot(drag.x - drag.from[0], drag.y - drag.from[1]) < SLOP) return;
    if (drag.isTouch) stop();
    else begin();
  });

  document.addEventListener('pointerup', async (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { isOn } = drag;
    if (!isOn) {
      stop();
      return;
    }
    // The link is not followed.
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }), 50);
    const last = drag;
    clearInterval(last.scrolling);
    await mover.loading;
    track();
    if (drag === last) stop();
    mover.drop();
  });

  document.addEventListener('pointercancel', () => {
    if (stop()?.isOn) mover.cancel();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !drag?.isOn) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    addEventListener('click', swallow, { capture: true, once: true });
    stop();
    mover.cancel();
  }, { capture: true });
  // Once it drags, the finger must not scroll as well, nor open a menu.
  document.addEventListener('touchmove', (event) => {
    if (drag?.isOn) event.preventDefault();
  }, { passive: false });
  document.addEventListener('contextmenu', (event) => {
    if (drag?.isTouch) event.preventDefault();
  });
  document.addEventListener('dragstart', (event) => {
    if (event.target.closest?.('[data-movable]')) event.preventDefault();
  });
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
