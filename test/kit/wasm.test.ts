import { architectureSuite } from '../../support/architecture-suite.js';

architectureSuite('wasm');
