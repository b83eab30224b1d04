/** The catalogue of architectures, in the order of the report. */
import type { Architecture } from './contract.js';
import { fastformer } from './fastformer.js';
import { none } from './none.js';
import { transformer } from './transformer.js';

export const architectures: readonly Architecture[] = [transformer, fastformer, none];
