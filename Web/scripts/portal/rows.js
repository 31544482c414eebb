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

const times = (day) =>
  rowsOf(day.querySelector('[data-rows]')).map((row) =>
    [...row.querySelectorAll('input')].map((input) => input.value),
  );

/** Monday's hours on the other weekdays, to be saved or left. */
export function bindCopyMonday(form, onChange) {
  const button = form.querySelector('[data-copy-monday]');
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    const [monday, ...others] = form.querySelectorAll('.hours-day');
    const wanted = times(monday);
    const isOpen = monday.querySelector('.switch').checked;
    for (const day of others.slice(0, 4)) {
      const list = day.querySelector('[data-rows]');
      day.querySelector('.switch').checked = isOpen;
      while (rowsOf(list).length > wanted.length) rowsOf(list).at(-1).remove();
      while (rowsOf(list).length < wanted.length) {
        const row = rowsOf(list).at(-1).cloneNode(true);
        blank(row);
        list.append(row);
      }
      rowsOf(list).forEach((row, place) => {
        row.querySelectorAll('input').forEach((input, column) => {
          input.value = wanted[place][column];
        });
      });
    }
    onChange();
  });
}
