import { causalSuite } from '../support/causal-suite.js';

causalSuite('wasm');
