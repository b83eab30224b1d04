import { layerSuite, sliceSuite } from '../../support/layer-suite.js';

layerSuite('cpu');
layerSuite('wasm');
sliceSuite('wasm');
