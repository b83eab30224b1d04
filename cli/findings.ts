/** What the records say, in the JSON shape of `reproduce-paper-tables` and `report`. */
import type { RunRecord } from '../harness/record.js';
import type { PaperTable } from '../reports/paper/contract.js';
import { describePower } from '../reports/summary/power.js';
import { describeRankGroups } from '../reports/summary/rank-groups.js';

/** @param tables - to judge by; all when not given */
export async function findings(records: readonly RunRecord[], tables?: readonly PaperTable[]) {
  const { summarize } = await import('../reports/summary.js');
  const summary = summarize(records, tables);
  return {
    tables: summary.tables.map(
      ({ name, title, cells, efficiency, largestBatches, power, rankGroups, reanalysis }) => ({
        name,
        title,
        cells,
        efficiency,
        power,
        rankGroups,
        largestBatches,
        reanalysis,
      }),
    ),
    claims: summary.claims,
  };
}

type Findings = Awaited<ReturnType<typeof findings>>;

/** Which rows of each accuracy table can be told apart, a line a setting. */
export const rankGroupLines = ({ tables }: Findings): string[] =>
  tables.flatMap(({ name, rankGroups = [] }) =>
    rankGroups.map((each) => `${name}, ${each.title}, told apart: ${describeRankGroups(each)}`),
  );

/** Which difference each accuracy table could have shown, a line a setting. */
export const powerLines = ({ tables }: Findings): string[] =>
  tables.flatMap(({ name, power = [] }) =>
    power.map((each) => `${name}, ${each.title}: ${describePower(each)}`),
  );
