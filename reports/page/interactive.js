// Makes the drawn charts interactive: values under the pointer, and what the controls ask for. The drawing libraries and
// what they draw lie compressed in the page and are unpacked when first needed; until then, and without scripts, the drawings stay.
// Expressions of charts are interpreted, not compiled, so the page's policy can forbid to evaluate text.
(() => {
  const packed = document.getElementById('vega-bundle');
  const specs = document.getElementById('chart-specs');
  if (!packed || !specs || typeof DecompressionStream === 'undefined') return;
  const holders = [...document.querySelectorAll('[data-chart]')];
  const drawings = new Map(holders.map((holder) => [holder, [...holder.childNodes]]));
  let loading = null;
  let all = null;
  let turn = 0;

  const textOf = async (element) => {
    const bytes = Uint8Array.from(atob(element.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).text();
  };

  const unpack = async () => {
    const script = document.createElement('script');
    // The policy knows the checksum of this text.
    script.textContent = await textOf(packed);
    document.head.append(script);
    if (typeof globalThis.vegaEmbed !== 'function') throw new Error('the drawing libraries did not start');
    all = JSON.parse(await textOf(specs));
  };

  const drawOne = async (holder) => {
    const view = globalThis.formerbenchView;
    const chart = all[holder.dataset.chart];
    const whole = document.documentElement.dataset.view !== 'changed';
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const drawn = document.createElement('div');
    await globalThis.vegaEmbed(
      drawn,
      whole || !view ? chart.spec : globalThis.formerbenchRestate(chart, view),
      {
        mode: 'vega-lite',
        actions: false,
        renderer: 'svg',
        ast: true,
        // A panel that a filter left empty is no fault.
        logLevel: 1,
        tooltip: { theme: dark ? 'dark' : 'light' },
      },
    );
    drawn.setAttribute('aria-hidden', 'true');
    return drawn;
  };

  const draw = async () => {
    const mine = ++turn;
    document.documentElement.dataset.charts = 'drawing';
    try {
      loading ??= unpack();
      await loading;
      for (const holder of holders) {
        if (holder.closest('[hidden]')) continue;
        const drawn = await drawOne(holder);
        if (mine !== turn) return;
        holder.replaceChildren(drawn);
      }
      document.documentElement.dataset.charts = 'interactive';
    } catch (error) {
      // The drawings of before say what there was without filters.
      for (const [holder, nodes] of drawings) holder.replaceChildren(...nodes);
      document.documentElement.dataset.charts = 'drawn';
      console.warn('charts stay as drawn:', error);
    }
  };

  const first = () => {
    if (turn === 0) void draw();
  };
  for (const holder of holders) {
    holder.addEventListener('pointerenter', first, { once: true });
    holder.addEventListener('focusin', first, { once: true });
  }
  document.addEventListener('viewchange', () => {
    if (turn > 0 || document.documentElement.dataset.view === 'changed') void draw();
  });
  if (document.documentElement.dataset.view === 'changed') void draw();
})();
