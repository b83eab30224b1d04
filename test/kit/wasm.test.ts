import { kitSuite } from '../support/architecture-suite.js';

kitSuite('wasm');
