// A chart's specification as the view wants it: filtered, relative to a baseline, on a linear scale. Pure: takes and
// gives plain objects. `relative` says of each quantity of a chart how it is restated.
globalThis.formerbenchRestate = (chart, view) => {
  const { hidden, baseline, scale, architectureOf } = view;
  const spec = structuredClone(chart.spec);
  const parts = Array.isArray(spec.concat) ? spec.concat : [spec];
  const has = (part) => part.data.values.some(({ title }) => title === baseline);
  // A chart without the baseline stays as it was measured.
  const relative = chart.reference === baseline || !parts.some(has) ? [] : chart.relative;
  let range = [Infinity, 0];
  const isShown = (row) =>
    !(row.title !== undefined && hidden.architecture.has(architectureOf[row.title] ?? row.architecture)) &&
    !(row.length !== undefined && hidden.length.has(String(row.length))) &&
    !(row.metric !== undefined && hidden.metric.has(row.metric)) &&
    // Marks of failures have a place on the axis as it was drawn, and no value.
    !(row.failure !== undefined && (scale === 'linear' || relative.length > 0));

  const baseOf = (rows, row, { within }) =>
    rows.find((other) => other.title === baseline && within.every((field) => other[field] === row[field]));
  const restateRow = (rows) => (row) => {
    const restated = { ...row };
    for (const quantity of relative) {
      const base = baseOf(rows, row, quantity)?.[quantity.fields[0]];
      if (base === undefined) return [];
      for (const field of quantity.fields)
        if (row[field] !== undefined)
          restated[field] = quantity.as === 'ratio' ? row[field] / base : row[field] - base;
      if (quantity.as === 'ratio')
        for (const field of quantity.fields)
          if (restated[field] > 0)
            range = [Math.min(range[0], restated[field]), Math.max(range[1], restated[field])];
    }
    return [restated];
  };
  const rowsOf = (rows) =>
    (relative.length === 0
      ? rows
      : rows.filter((row) => row.failure === undefined).flatMap(restateRow(rows))
    ).filter(isShown);

  /** 1, 2, 5, 10, ... as far as values go. */
  const ticks = () =>
    Array.from({ length: 13 }, (_, i) => 10 ** (i - 6))
      .flatMap((power) => [power, 2 * power, 5 * power])
      .filter((tick) => tick >= range[0] && tick <= range[1]);

  /** Axes and scales: of what was restated a new title, of all a linear scale where that is wanted. */
  const restateChannel = (channel) => {
    const quantity = relative.find(({ fields }) => fields.includes(channel.field));
    if (quantity !== undefined) {
      const ratio = quantity.as === 'ratio';
      if (channel.axis !== undefined || channel.title !== undefined || channel.scale !== undefined) {
        channel.title = ratio ? `times ${baseline}` : `difference to ${baseline}, points`;
        channel.axis = {
          grid: channel.axis?.grid ?? true,
          ...(ratio && scale === 'log' ? { values: ticks() } : { tickCount: 5 }),
          labelExpr: ratio ? "format(datum.value, '~r') + ' ×'" : "format(100 * datum.value, '+.1~f')",
        };
        channel.scale = {
          type: ratio && scale === 'log' ? 'log' : 'linear',
          zero: false,
          padding: 12,
          nice: false,
        };
      }
      if (channel.format !== undefined) channel.format = ratio ? '.3~r' : '+.2%';
    }
    if (channel.scale?.type === 'log' && scale === 'linear') {
      const { domain, base, ...rest } = channel.scale;
      channel.scale = { ...rest, type: 'linear', zero: true };
      if (channel.axis?.format === ',')
        channel.axis = { ...channel.axis, format: undefined, labelExpr: "format(datum.value, ',')" };
      if (channel.axis && channel.field !== 'length')
        channel.axis = { ...channel.axis, values: undefined, tickCount: 5 };
    }
  };

  const restateDomain = (channel) => {
    const { domain, range } = channel.scale ?? {};
    if (!Array.isArray(domain) || !Array.isArray(range)) return;
    const kept = domain.flatMap((title, i) =>
      architectureOf[title] !== undefined && hidden.architecture.has(architectureOf[title]) ? [] : [i],
    );
    channel.scale = {
      ...channel.scale,
      domain: kept.map((i) => domain[i]),
      range: kept.map((i) => range[i]),
    };
  };

  const walk = (node) => {
    if (Array.isArray(node)) {
      for (const part of node) walk(part);
      return;
    }
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node.data?.values)) {
      range = [Infinity, 0];
      node.data.values = rowsOf(node.data.values);
    }
    if (typeof node.field === 'string') {
      restateChannel(node);
      restateDomain(node);
    }
    for (const [key, part] of Object.entries(node)) if (key !== 'data') walk(part);
  };
  if (Array.isArray(spec.concat))
    spec.concat = parts.filter(
      (part) => !hidden.data.has(part.title?.text ?? '') && (relative.length === 0 || has(part)),
    );
  walk(spec);
  return spec;
};
