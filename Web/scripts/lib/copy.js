// Buttons that copy the text beside them.

import { toast } from './toast.js';
import { t } from './words.js';

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = button.parentElement.querySelector('[data-copy-text]').textContent;
    await navigator.clipboard.writeText(text);
    toast(t('Copied'), 'done');
  });
}
