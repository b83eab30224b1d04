/** The numeric promises on the native backend. */
import { goldenSuite, kitSuite } from '../support/architecture-suite.js';
import { feedForwardSuite } from '../support/feed-forward-suite.js';
import { layerSuite, sliceSuite } from '../support/layer-suite.js';
import { windowSliceSuite, windowSuite } from '../support/window-suite.js';

feedForwardSuite('tensorflow');
layerSuite('tensorflow');
sliceSuite('tensorflow');
windowSuite('tensorflow');
windowSliceSuite('tensorflow');
kitSuite('tensorflow');
goldenSuite('tensorflow');
