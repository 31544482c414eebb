// Short words about what just happened, also for screen readers.

let holder;

/** Shows a line for a while; `kind` is `info`, `done` or `error`. */
export function toast(text, kind = 'info') {
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
  holder.append(line);
  setTimeout(() => line.remove(), kind === 'error' ? 8000 : 4000);
}
