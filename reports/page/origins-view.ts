/** Which records come from which machine and folder, where there is more than one of either. */
import type { RunRecord } from '../../harness/record.js';
import { cellTitle } from '../catalogue.js';
import type { Origins } from '../origins.js';
import { machineKey, machineTitle } from '../summary/machine.js';
import { groupBy } from '../summary/records.js';
import { type Grid, textCell } from './grid.js';

export interface OriginsView {
  readonly grid: Grid;
  /** Runs that another run of the same cell stands for. */
  readonly leftOut: readonly string[];
}

/** @returns null where everything comes from one machine and one folder */
export function originsView(origins: Origins | null, records: readonly RunRecord[]): OriginsView | null {
  const sources = origins?.sources ?? [{ name: '', records: records.map(({ id }) => id) }];
  const machines = groupBy([...records], machineKey);
  if (origins === null && machines.length < 2) return null;
  const rows = machines.flatMap(([, own], index) =>
    sources.flatMap(({ name, records: ids }) => {
      const here = own.filter(({ id }) => ids.includes(id));
      const [first] = here;
      if (first === undefined) return [];
      return [
        {
          header: `${machineName(index)}: ${machineTitle(first)}`,
          cells: [textCell(name === '' ? '—' : name), ...counts(here)],
          records: here.map(({ id }) => id),
        },
      ];
    }),
  );
  return {
    grid: {
      id: 'origins',
      caption: 'Where the records come from',
      corner: 'Machine',
      columns: [
        { title: 'From', columns: ['folder'] },
        { title: 'Records', columns: ['scores', 'speed'] },
      ],
      groups: [{ title: null, rows }],
    },
    leftOut: (origins?.leftOut ?? []).map((run) => leftOutText(run, records)),
  };
}

const counts = (records: readonly RunRecord[]) => {
  const speed = records.filter(({ cell }) => cell.kind === 'speed').length;
  return [textCell(String(records.length - speed)), textCell(String(speed))];
};

function leftOutText(
  { id, source, keptId, keptSource }: Origins['leftOut'][number],
  records: readonly RunRecord[],
): string {
  const kept = records.find((record) => record.id === keptId);
  const what = kept === undefined ? keptId : cellTitle(kept.cell);
  return `${what}: ${id} of ${source} is left out, ${keptId} of ${keptSource} ended later.`;
}

/** `A`, `B`, ... `Z`, `27`. */
const machineName = (index: number): string =>
  index < 26 ? String.fromCharCode('A'.charCodeAt(0) + index) : String(index + 1);
