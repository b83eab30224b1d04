/** What the records say, in the JSON shape of `reproduce-paper-tables` and `report`. */
import type { RunRecord } from '../harness/record.js';
import type { PaperTable } from '../reports/paper/contract.js';

/** @param tables - to judge by; all when not given */
export async function findings(records: readonly RunRecord[], tables?: readonly PaperTable[]) {
  const { summarize } = await import('../reports/summary.js');
  const summary = summarize(records, tables);
  return {
    tables: summary.tables.map(({ name, title, cells, efficiency, largestBatches, reanalysis }) => ({
      name,
      title,
      cells,
      efficiency,
      largestBatches,
      reanalysis,
    })),
    claims: summary.claims,
  };
}
