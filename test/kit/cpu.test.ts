import { measures } from '../../harness/conformance/kit.js';
import { goldenSuite, kitSuite } from '../support/architecture-suite.js';

/** A hundred times slower than wasm: only what may differ between backends and is no matter of size. */
const chosen = ['shapes over odd sizes', 'lengths that are no multiple of a block', 'no tensor leaks'];

kitSuite(
  'cpu',
  measures.filter(({ names }) => names.some((name) => chosen.includes(name))),
);
goldenSuite('cpu');
