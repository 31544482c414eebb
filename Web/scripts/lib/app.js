// On pages of places that can be installed.

import { startApp } from './push.js';

startApp();
