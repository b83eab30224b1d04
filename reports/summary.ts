/**
 * Records to findings: tables with a verdict a cell, claims with their evidence, and what failed.
 *
 * Records are compared only inside one setting, that is everything in a cell but the architecture, its options and the
 * seed. The result depends on the set of records alone, not on their order.
 */
import type { RunRecord } from '../harness/record.js';
import { cellTitle } from './catalogue.js';
import type { PaperTable } from './paper/contract.js';
import { tables as paperTables } from './paper/index.js';
import { accuracyCells } from './summary/accuracy.js';
import { accuracySettings } from './summary/accuracy-settings.js';
import { complexityCells, complexitySettings } from './summary/complexity.js';
import type { FailedRun, Summary, SummaryClaim, TableSummary } from './summary/contract.js';
import { efficiencyOf } from './summary/efficiency.js';
import { largestBatchSettings } from './summary/largest-batch.js';
import { powerOf } from './summary/power.js';
import { rankGroupsOf } from './summary/rank-groups.js';
import { reanalyse } from './summary/reanalysis.js';
import { rankingCells } from './summary/ranking.js';
import { rankingSettings } from './summary/ranking-settings.js';
import { currentRecords } from './summary/records.js';
import { pairedClaims } from './summary/paired-claims.js';
import { summariesCells } from './summary/summaries.js';
import { summariesSettings } from './summary/summaries-settings.js';
import { speedCells } from './summary/speed.js';
import { speedClaims } from './summary/speed-claims.js';
import { speedSettings } from './summary/speed-settings.js';

export type { Summary } from './summary/contract.js';

/** @param tables - the tables to judge by; all of the paper's when not given */
export function summarize(
  records: readonly RunRecord[],
  tables: readonly PaperTable[] = paperTables,
): Summary {
  const current = currentRecords(records);
  const judged = tables.map((table) => judgeTable(table, current));
  return {
    tables: judged.map(({ summary }) => summary),
    claims: judged.flatMap(({ claims }) => claims),
    failures: current.flatMap(failedRun),
  };
}

function judgeTable(
  table: PaperTable,
  records: readonly RunRecord[],
): { summary: TableSummary; claims: SummaryClaim[] } {
  const { name, title } = table;
  if (table.kind === 'accuracy') {
    const settings = accuracySettings(table, records);
    const cells = accuracyCells(table, settings);
    const power = settings.flatMap((setting) => powerOf(setting) ?? []);
    const rankGroups = settings.flatMap((setting) => rankGroupsOf(setting) ?? []);
    const summary = { name, title, settings, cells, power, rankGroups, reanalysis: reanalyse(table) };
    return { summary, claims: pairedClaims(table, settings) };
  }
  if (table.kind === 'ranking') {
    const settings = rankingSettings(table, records);
    const summary = { name, title, settings, cells: rankingCells(table, settings) };
    return { summary, claims: pairedClaims(table, settings) };
  }
  if (table.kind === 'summaries') {
    const settings = summariesSettings(table, records);
    const summary = { name, title, settings, cells: summariesCells(table, settings) };
    return { summary, claims: pairedClaims(table, settings) };
  }
  const speeds = speedSettings(table, records);
  if (table.kind === 'complexity') {
    const settings = complexitySettings(table, speeds);
    return { summary: { name, title, settings, cells: complexityCells(table, settings) }, claims: [] };
  }
  const cells = speedCells(table, speeds);
  const efficiency = speeds.flatMap(efficiencyOf);
  const largestBatches = largestBatchSettings(table, records, speeds);
  const summary = { name, title, settings: speeds, cells, efficiency, largestBatches };
  return { summary, claims: speedClaims(table, speeds) };
}

const failedRun = ({ id, cell, failure }: RunRecord): FailedRun[] =>
  failure === null ? [] : [{ record: id, cell: cellTitle(cell), ...failure }];
