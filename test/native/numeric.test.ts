/** The numeric promises on the native backend. */
import { architectureSuite } from '../support/architecture-suite.js';
import { layerSuite, sliceSuite } from '../support/layer-suite.js';

layerSuite('tensorflow');
sliceSuite('tensorflow');
architectureSuite('tensorflow');
