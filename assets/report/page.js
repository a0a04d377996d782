'use strict';

// Draws every chart of the page from the JSON beside it, in the colours of the page.
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const PAPER_WIDTH = 640;  // of an A4 page between its margins, less the frame of a figure

  const coloursNow = () => {
    const probe = document.body.appendChild(document.createElement('span'));
    const named = name => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const colours = {ink: named('ink'), muted: named('muted'), line: named('line'),
                     raised: named('raised'),
                     series: [1, 2, 3, 4, 5, 6].map(i => named(`series-${i}`))};
    probe.remove();
    return colours;
  };

  // The table of a section: its JSON, with each cell's text as the page shows it.
  function tableOf(section) {
    const table = JSON.parse(section.querySelector('script.data').textContent);
    const columns = new Map(table.columns.map(column => [column.name, column]));
    const shown = section.querySelectorAll('tbody tr');
    const rows = table.rows.map((values, number) => ({
      values, number,
      texts: new Map(table.columns.map((c, i) => [c.name, shown[number].cells[i].textContent])),
    }));
    return {columns, rows};
  }

  function chartsOf(section) {
    const {columns, rows} = tableOf(section);
    return [...section.querySelectorAll('figure.chart')].map(figure => {
      const chart = JSON.parse(figure.querySelector('script').textContent);
      const chosen = row => !chart.where || chart.among.includes(String(row.values[chart.where]));
      return {figure, chart, columns, rows: rows.filter(chosen),
              plot: figure.querySelector('.plot'), drawing: null, stop: -1};
    });
  }

  function showLegend(figure, entries) {
    figure.querySelector('.legend').replaceChildren(...entries.map(entry => {
      const item = document.createElement('li');
      const swatch = item.appendChild(document.createElement('span'));
      swatch.className = `swatch ${entry.curve ? 'curve' : ''} ${entry.dash}`;
      swatch.style.setProperty('--colour', entry.colour);
      item.appendChild(document.createElement('span')).textContent = entry.name;
      return item;
    }));
  }

  function planOf(place, colours, width, moves) {
    return chartKinds.get(place.chart.kind)({
      chart: place.chart, columns: place.columns, rows: place.rows, colours, width,
      font: getComputedStyle(document.body).fontFamily, still: !moves || still.matches,
      contrast: contrast.matches, paper: printing,
    });
  }

  function drawOne(place, colours, width, moves) {
    place.width = width;
    const plan = planOf(place, colours, width, moves);
    place.drawing?.dispose();
    place.drawing = null;
    place.stops = plan ? plan.stops : [];
    place.plot.hidden = !plan;
    showLegend(place.figure, plan ? plan.legend : []);
    const notes = plan ? plan.notes : ['Nothing to draw: no values.'];
    place.figure.querySelector('.note').textContent = notes.join(' ');
    if (!plan) return;
    place.plot.style.height = `${plan.height}px`;
    place.drawing = echarts.init(place.plot, null, {renderer: 'svg', width, height: plan.height});
    place.drawing.setOption(plan.option);
  }

  // A chart that fails takes no other with it.
  function draw(place, colours, width, moves) {
    try {
      drawOne(place, colours, width, moves);
    } catch (error) {
      console.error(error);
      place.figure.querySelector('.note').textContent = 'This chart could not be drawn.';
    }
  }

  // Arrow keys go from number to number, as a pointer would.
  function step(place, event) {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === 'Escape') place.drawing?.dispatchAction({type: 'hideTip'});
    if (!by || !place.drawing || place.stops.length === 0) return;
    event.preventDefault();
    const count = place.stops.length;
    place.stop = place.stop < 0 ? (by > 0 ? 0 : count - 1) : (place.stop + by + count) % count;
    place.drawing.dispatchAction({type: 'showTip', ...place.stops[place.stop]});
    spoken.textContent = place.plot.querySelector('.tip')?.innerText ?? '';
  }

  const places = [...document.querySelectorAll('section.report')].flatMap(chartsOf);
  const spoken = document.body.appendChild(document.createElement('p'));
  spoken.className = 'spoken';
  spoken.setAttribute('aria-live', 'polite');
  let printing = false;

  const widthIn = figure => {
    const style = getComputedStyle(figure);
    return figure.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  function drawAll(moves = false) {
    const colours = coloursNow();
    for (const place of places) draw(place, colours, widthIn(place.figure), moves);
  }

  // Details that are closed would not be printed: all are opened, and closed again.
  let opened = [];
  function beforePrint() {
    if (printing) return;
    printing = true;
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach(details => details.open = true);
    const scheme = root.dataset.scheme ?? '';
    root.dataset.scheme = 'light';
    const colours = coloursNow();
    for (const place of places) draw(place, colours, PAPER_WIDTH, false);
    root.dataset.scheme = scheme;
  }
  function afterPrint() {
    if (!printing) return;
    printing = false;
    opened.forEach(details => details.open = false);
    drawAll();
  }

  function chooseScheme(scheme) {
    root.dataset.scheme = scheme;
    drawAll();
  }

  document.querySelector('.controls').hidden = false;
  document.getElementById('scheme').addEventListener('change', e => chooseScheme(e.target.value));
  document.getElementById('print').addEventListener('click', () => print());
  dark.addEventListener('change', () => drawAll());
  addEventListener('beforeprint', beforePrint);
  addEventListener('afterprint', afterPrint);
  for (const place of places) place.plot.addEventListener('keydown', e => step(place, e));
  drawAll(true);
  const sizes = new ResizeObserver(entries => {
    if (printing) return;
    const colours = coloursNow();
    for (const {target} of entries) {
      const place = places.find(p => p.figure === target);
      const width = widthIn(target);
      if (width > 0 && width !== place.width) draw(place, colours, width, false);
    }
  });
  for (const place of places) sizes.observe(place.figure);
})();
