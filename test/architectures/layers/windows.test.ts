import { windowSliceSuite, windowSuite } from '../../support/window-suite.js';

windowSuite('cpu');
windowSuite('wasm');
windowSliceSuite('wasm');
