/** Which machine a record was made on, as far as a record says: times of two are never compared. */
import type { RunRecord } from '../../harness/record.js';
import { counted } from '../format.js';

type Provenance = Pick<RunRecord['provenance'], 'cpu' | 'cores' | 'platform' | 'totalMemoryBytes'>;

/** Equal for records of one machine. Memory in whole GB: what a system sees of it varies by some MB. */
export const machineKey = ({ provenance }: { readonly provenance: Provenance }): string =>
  [
    provenance.cpu,
    provenance.cores,
    provenance.platform,
    Math.round(provenance.totalMemoryBytes / 2 ** 30),
  ].join('|');

/** `Example CPU, 2 cores, linux x64, 8 GB` */
export const machineTitle = ({ provenance }: { readonly provenance: Provenance }): string =>
  `${provenance.cpu}, ${counted(provenance.cores, 'core')}, ${provenance.platform}, ${Math.round(provenance.totalMemoryBytes / 2 ** 30)} GB`;
