'use strict';

// Flows.
(() => {
  const {isNarrow, unitOf, textOf, withUnit, tooltip, base, label, compact} = chartParts;

  // Whether one can come back to where one was; then both sides get places of their own.
  function hasCycle(links) {
    const next = new Map();
    for (const l of links) next.set(l.from, [...next.get(l.from) ?? [], l.to]);
    const state = new Map();
    const visit = name => {
      if (state.get(name) === 'open') return true;
      if (state.has(name)) return false;
      state.set(name, 'open');
      const found = (next.get(name) ?? []).some(visit);
      state.set(name, 'done');
      return found;
    };
    return [...next.keys()].some(visit);
  }

  function linksOf(view) {
    const {x, series, y} = view.chart;
    return view.rows.map(row => ({from: textOf(row, x), to: textOf(row, series),
                                  value: row.values[y[0]], text: textOf(row, y[0])}))
        .filter(l => l.value > 0);
  }

  // Nodes by a number each, in the order in which they come.
  function numbered(links, apart) {
    const ids = new Map(), names = [];
    const idOf = (side, name) => {
      const key = (apart ? side : '') + name;
      if (!ids.has(key)) names.push(name), ids.set(key, String(names.length - 1));
      return ids.get(key);
    };
    const edges = links.map(l => ({source: idOf('<', l.from), target: idOf('>', l.to),
                                   value: l.value, text: l.text, title: `${l.from} → ${l.to}`}));
    return {names, edges};
  }

  function flow(view) {
    const links = linksOf(view);
    if (links.length === 0) return null;
    const {names, edges} = numbered(links, hasCycle(links));
    const {colours, chart} = view, room = Math.min(150, view.width * 0.26);
    const colourOf = new Map([...new Set(names)].map((name, i) =>
        [name, colours.series[i % colours.series.length]]));
    const sums = names.map((_, i) => Math.max(
        edges.filter(e => e.source === String(i)).reduce((sum, e) => sum + e.value, 0),
        edges.filter(e => e.target === String(i)).reduce((sum, e) => sum + e.value, 0)));
    const plain = new Intl.NumberFormat('en', {maximumFractionDigits: 2});
    const what = chart.y[0];
    const textOfFlow = p => p.dataType === 'edge' ? p.data.text : plain.format(sums[p.dataIndex]);
    return {
      option: {
        ...base(view),
        tooltip: tooltip(view, 'item',
                         p => p.dataType === 'edge' ? p.data.title : names[p.dataIndex],
                         p => [what, withUnit(textOfFlow(p), unitOf(view, what), what)]),
        series: [{
          type: 'sankey', left: 4, right: room + 8, top: 10, bottom: 10, draggable: false,
          nodeGap: 14, nodeWidth: 14, emphasis: {focus: 'adjacency'}, links: edges,
          lineStyle: {color: 'source', opacity: 0.35, curveness: 0.5},
          label: label(view, {width: room, overflow: 'truncate', formatter: p =>
              isNarrow(view) ? names[p.dataIndex]
                             : `${names[p.dataIndex]}  ${compact.format(sums[p.dataIndex])}`}),
          data: names.map((name, i) => ({name: String(i), itemStyle: {color: colourOf.get(name)}})),
        }],
      },
      height: Math.max(260, names.length * 30),
      legend: [], notes: [],
      stops: names.map((_, i) => ({seriesIndex: 0, dataIndex: i})),
    };
  }

  chartKinds.set('flow', flow);
})();
