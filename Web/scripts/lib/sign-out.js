// Whoever signs out leaves nothing half written in this browser.

import { forgetDrafts } from '../desk/drafts.js';

document.addEventListener('submit', (event) => {
  if (new URL(event.target.action, location).pathname === '/sign-out') forgetDrafts();
});
