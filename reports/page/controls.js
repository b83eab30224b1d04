// Filters, baseline and scale: one form, whose state lies in the address, so that a view can be kept and sent. Tables are
// filtered here; charts listen to the event `viewchange` and are drawn anew from what `formerbenchView` says.
(() => {
  const panel = document.getElementById('controls');
  const form = panel?.querySelector('form');
  if (!form) return;
  panel.hidden = false;
  const architectureOf = JSON.parse(document.getElementById('row-titles').textContent);
  const kinds = ['architecture', 'data', 'metric', 'length'];
  const boxes = (kind) => [...form.querySelectorAll(`input[type=checkbox][name=${kind}]`)];

  /** What is left out, by kind; the baseline's title or ''; the scale. */
  const readForm = () => ({
    hidden: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        new Set(
          boxes(kind)
            .filter((box) => !box.checked)
            .map((box) => box.value),
        ),
      ]),
    ),
    baseline: form.elements.namedItem('baseline')?.value ?? '',
    scale: form.elements.namedItem('scale')?.value ?? 'log',
  });

  const readAddress = () => {
    const query = new URLSearchParams(location.search);
    for (const kind of kinds) {
      const left = new Set(query.getAll(`without-${kind}`));
      for (const box of boxes(kind)) box.checked = !left.has(box.value);
    }
    const baseline = form.elements.namedItem('baseline');
    if (baseline) baseline.value = query.get('baseline') ?? '';
    if (baseline && baseline.selectedIndex < 0) baseline.value = '';
    const scale = query.get('scale') === 'linear' ? 'linear' : 'log';
    for (const radio of form.querySelectorAll('input[name=scale]')) radio.checked = radio.value === scale;
  };

  const writeAddress = ({ hidden, baseline, scale }) => {
    const query = new URLSearchParams();
    for (const kind of kinds) for (const value of hidden[kind]) query.append(`without-${kind}`, value);
    if (baseline !== '') query.set('baseline', baseline);
    if (scale !== 'log') query.set('scale', scale);
    const text = query.toString();
    try {
      history.replaceState(null, '', `${location.pathname}${text === '' ? '' : `?${text}`}${location.hash}`);
    } catch {
      // Some programs that show files forbid it; the view works all the same.
    }
  };

  const isHiddenRow = (title, { hidden }) => hidden.architecture.has(architectureOf[title] ?? title);

  /** Columns of a metric, by their place under the names of groups. */
  const filterColumns = (table, view) => {
    const groups = [...table.querySelectorAll('thead tr:first-child th[data-metric]')];
    for (const group of groups) {
      const before = [...group.parentElement.children].slice(
        1,
        [...group.parentElement.children].indexOf(group),
      );
      const start = before.reduce((sum, cell) => sum + cell.colSpan, 1);
      const off = view.hidden.metric.has(group.dataset.metric);
      group.hidden = off;
      const lines = [...table.querySelectorAll('thead tr:last-child, tbody tr:not(.group)')];
      for (const line of lines)
        for (let i = start; i < start + group.colSpan; i++)
          if (line.children[i]) line.children[i].hidden = off;
    }
  };

  const filterGrid = (table, view) => {
    for (const row of table.querySelectorAll('tbody tr:not(.group)'))
      row.hidden = isHiddenRow(row.querySelector('th')?.textContent ?? '', view);
    for (const body of table.querySelectorAll('tbody[data-length]'))
      body.hidden = view.hidden.length.has(body.dataset.length);
    filterColumns(table, view);
  };

  /** Tables behind charts say in their header what each column is. */
  const filterChartTable = (table, view) => {
    const names = [...table.querySelectorAll('thead th')].map((cell) => cell.textContent);
    const kindOf = { Architecture: 'row', Row: 'row', Length: 'length', Metric: 'metric', Data: 'data' };
    for (const row of table.querySelectorAll('tbody tr'))
      row.hidden = [...row.children].some((cell, index) => {
        const kind = kindOf[names[index]];
        if (kind === 'row') return isHiddenRow(cell.textContent, view);
        return kind !== undefined && view.hidden[kind].has(cell.textContent.replaceAll(',', ''));
      });
  };

  const apply = () => {
    const view = readForm();
    for (const section of document.querySelectorAll('[data-data]'))
      section.hidden = view.hidden.data.has(section.dataset.data);
    for (const table of document.querySelectorAll('.setting table:not(.plain)')) filterGrid(table, view);
    for (const table of document.querySelectorAll('figure table.plain')) filterChartTable(table, view);
    const count = kinds.reduce((sum, kind) => sum + view.hidden[kind].size, 0);
    const parts = [
      count === 0
        ? 'Everything is shown.'
        : `${count} left out by filters; sentences and verdicts still speak of all.`,
      ...(view.baseline === ''
        ? []
        : [
            `Charts that hold ${view.baseline} are relative to it; an interval is that of the value, divided or shifted with it.`,
          ]),
    ];
    form.querySelector('output').textContent = parts.join(' ');
    document.documentElement.dataset.view =
      count > 0 || view.baseline !== '' || view.scale !== 'log' ? 'changed' : 'whole';
    writeAddress(view);
    globalThis.formerbenchView = { ...view, architectureOf };
    document.dispatchEvent(new Event('viewchange'));
  };

  form.addEventListener('change', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  addEventListener('popstate', () => {
    readAddress();
    apply();
  });
  readAddress();
  if (location.search !== '') panel.open = true;
  apply();
})();
