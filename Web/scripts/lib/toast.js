// Short words about what just happened, also for screen readers.

let holder;

/**
 * Shows a line for a while; `kind` is `info`, `done` or `error`. With an `action`, `{ label, key,
 * run }`, it has a button and stays for twelve seconds, and as long as the pointer or the focus is
 * on it. Returns what takes it away.
 */
export function toast(text, kind = 'info', action) {
  if (!holder) {
    holder = document.createElement('div');
    holder.className = 'toasts';
    holder.setAttribute('role', 'status');
    holder.setAttribute('aria-live', 'polite');
    document.body.append(holder);
  }
  const line = document.createElement('p');
  line.className = `toast toast-${kind}`;
  line.textContent = text;
  const end = () => line.remove();
  if (action) {
    line.append(button(action, end));
    leave(line, 12_000);
  } else {
    setTimeout(end, kind === 'error' ? 8000 : 4000);
  }
  holder.append(line);
  return end;
}

function button({ label, key, run }, end) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn';
  made.textContent = label;
  if (key) {
    const cap = document.createElement('kbd');
    cap.textContent = key;
    made.append(' ', cap);
    made.setAttribute('aria-keyshortcuts', key);
  }
  made.addEventListener('click', () => {
    end();
    run();
  });
  return made;
}

/** Goes after a while, but never from under somebody's hand. */
function leave(line, after) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => line.remove(), after);
  };
  for (const kind of ['pointerenter', 'focusin']) {
    line.addEventListener(kind, () => clearTimeout(timer));
  }
  for (const kind of ['pointerleave', 'focusout']) line.addEventListener(kind, wait);
  wait();
}
