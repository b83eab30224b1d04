import { decoderSuite } from '../support/decoder-suite.js';

decoderSuite('wasm');
