import { feedForwardSuite } from '../../support/feed-forward-suite.js';
import { layerSuite, sliceSuite } from '../../support/layer-suite.js';

layerSuite('cpu');
layerSuite('wasm');
sliceSuite('wasm');
feedForwardSuite('cpu');
feedForwardSuite('wasm');
