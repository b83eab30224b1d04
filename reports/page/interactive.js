// Makes the drawn charts interactive: values under the pointer. The drawing libraries lie compressed in the page and
// are unpacked when a chart is first pointed at or focused; until then, and without scripts, the drawings stay.
(() => {
  const packed = document.getElementById('vega-bundle');
  const specs = document.getElementById('chart-specs');
  if (!packed || !specs || typeof DecompressionStream === 'undefined') return;
  const charts = document.querySelectorAll('[data-chart]');
  let started = false;

  const unpack = async () => {
    const bytes = Uint8Array.from(atob(packed.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return await new Response(stream).text();
  };

  const draw = async () => {
    if (started) return;
    started = true;
    try {
      new Function(await unpack()).call(globalThis);
      const all = JSON.parse(specs.textContent);
      const dark = matchMedia('(prefers-color-scheme: dark)').matches;
      const options = {
        mode: 'vega-lite',
        actions: false,
        renderer: 'svg',
        tooltip: { theme: dark ? 'dark' : 'light' },
      };
      for (const chart of charts) {
        const drawn = document.createElement('div');
        await globalThis.vegaEmbed(drawn, all[chart.dataset.chart], options);
        drawn.setAttribute('aria-hidden', 'true');
        chart.replaceChildren(drawn);
      }
      document.documentElement.dataset.charts = 'interactive';
    } catch (error) {
      // The drawings are still there, and say the same.
      document.documentElement.dataset.charts = 'drawn';
      console.warn('charts stay as drawn:', error);
    }
  };

  for (const chart of charts) {
    chart.addEventListener('pointerenter', draw, { once: true });
    chart.addEventListener('focusin', draw, { once: true });
  }
})();
