/** The catalogue of architectures, in the order of the report. */
import { bigbird } from './bigbird.js';
import type { Architecture } from './contract.js';
import { fastformer } from './fastformer.js';
import { linformer } from './linformer.js';
import { linear } from './linear.js';
import { longformer } from './longformer.js';
import { none } from './none.js';
import { performer } from './performer.js';
import { poolingformer } from './poolingformer.js';
import { reformer } from './reformer.js';
import { transformer } from './transformer.js';
import { transformerXl } from './transformer-xl.js';

export const architectures: readonly Architecture[] = [
  transformer,
  longformer,
  bigbird,
  linformer,
  linear,
  poolingformer,
  fastformer,
  performer,
  reformer,
  transformerXl,
  none,
];
