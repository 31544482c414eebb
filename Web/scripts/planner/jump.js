// Choosing with the mouse leads on at once. Who chooses by keys passes other values on the way, so
// for them there is the button, as without this script.

export function bindJump(form) {
  const button = form.querySelector('[data-without-script]');
  let isByKeys = false;
  button.hidden = true;
  form.addEventListener('pointerdown', () => {
    isByKeys = false;
  });
  form.addEventListener('keydown', (event) => {
    if (['Tab', 'Enter', 'Escape', 'Shift'].includes(event.key)) return;
    isByKeys = true;
    button.hidden = false;
  });
  form.addEventListener('change', () => {
    if (!isByKeys && form.checkValidity()) form.submit();
  });
}

for (const form of globalThis.document?.querySelectorAll?.('[data-jump]') ?? []) bindJump(form);
