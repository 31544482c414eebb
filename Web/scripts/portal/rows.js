// Rows of a form: added, removed and moved in the page. Without script the same buttons send the
// form and the server does it.

const rowsOf = (list) => [...list.querySelectorAll(':scope > [data-row]')];

function blank(row) {
  for (const field of row.querySelectorAll('input, textarea')) {
    field.value = '';
    field.removeAttribute('aria-invalid');
  }
  for (const problem of row.querySelectorAll('.field-error')) problem.remove();
}

function add(list) {
  const rows = rowsOf(list);
  if (rows.length >= Number(list.dataset.most)) return;
  const last = rows.at(-1);
  const row = last.cloneNode(true);
  blank(row);
  last.after(row);
  row.querySelector('input, textarea')?.focus();
}

function act(button, list) {
  const row = button.closest('[data-row]');
  const rows = rowsOf(list);
  const place = rows.indexOf(row);
  switch (button.dataset.rowAct) {
    case 'remove':
      // The last row stays, empty: it shows what a row looks like.
      if (rows.length === 1) {
        blank(row);
        row.querySelector('input, textarea')?.focus();
      } else {
        row.remove();
        (rows[place + 1] ?? rows[place - 1]).querySelector('input, textarea')?.focus();
      }
      break;
    case 'up':
      if (place > 0) rows[place - 1].before(row);
      button.focus();
      break;
    case 'down':
      if (place < rows.length - 1) rows[place + 1].after(row);
      button.focus();
      break;
  }
}

/** Takes over the row buttons of a form. */
export function bindRows(form, onChange) {
  form.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-add], button[data-row-act]');
    if (!button) return;
    const list = button.dataset.add
      ? form.querySelector(`[data-rows="${CSS.escape(button.dataset.add)}"]`)
      : button.closest('[data-rows]');
    if (!list) return;
    event.preventDefault();
    if (button.dataset.add) add(list);
    else act(button, list);
    onChange();
  });
}
