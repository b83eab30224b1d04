import { DataError } from './contract.js';

/** The dataset is not on this machine. */
export class DatasetMissing extends DataError {}
