/** The smallest reproduction: one table, one dataset that every machine has, one seed. */
export const brownTable = [
  'reproduce-paper-tables',
  ...['--preset', 'smoke', '--only', 'table-4', '--datasets', 'brown', '--seeds', '1'],
];
