'use strict';

// Bars, stacked bars and bridges.
(() => {
  const {typeOf, unitOf, textOf, pointOf, seriesOf, namesOf, legendOf, withUnit, tooltip,
         valueAxis, categoryAxis, roomFor, gridOf, base, label} = chartParts;

  const MOST_BARS = 40;
  const SHEET = 720;  // what a printed page has room for

  // Periods go from left to right, other names from top to bottom.
  const runsSideways = (view, names) => typeOf(view, view.chart.x) === 'text' &&
      !names.every(name => /^\d{4}\b/.test(name));

  // The place of each point among the names; the first counts if one of them comes twice.
  function barData(view, s, names) {
    const places = new Map(names.map((name, i) => [name, i]));
    const data = new Array(names.length).fill(null);
    for (const p of s.points) {
      const place = places.get(textOf(p.row, view.chart.x));
      if (p.value === null || place === undefined || data[place]) continue;
      data[place] = {value: p.value, text: p.text, unit: unitOf(view, p.y)};
    }
    return data;
  }

  function barSeries(view, series, data, stacked, labels) {
    return series.map((s, i) => ({
      type: 'bar', name: s.name, data: data[i], stack: stacked ? 'all' : undefined,
      itemStyle: {color: s.colour}, barMaxWidth: 30, barGap: '10%', barMinHeight: 1, label: labels,
      labelLayout: {hideOverlap: true},
    }));
  }

  function bars(view) {
    const series = seriesOf(view);
    if (series.length === 0) return null;
    const sideways = runsSideways(view, namesOf(view, view.rows));
    // A period without values leaves a gap, another name is left out.
    const known = view.rows.filter(row => view.chart.y.some(y => row.values[y] !== null));
    const all = namesOf(view, sideways ? known : view.rows);
    const names = sideways ? all.slice(0, MOST_BARS) : all;
    const data = series.map(s => barData(view, s, names));
    const alone = names.every((_, i) => data.filter(d => d[i]).length <= 1);
    const stacked = alone || view.chart.kind === 'stacked_bars';
    const sums = names.map((_, i) => data.reduce((sum, d) => sum + (d[i]?.value ?? 0), 0));
    const flat = data.flat().filter(Boolean).map(d => d.value);
    const piled = stacked && !alone;
    const labels = label(view, piled ? {position: 'inside', color: undefined}
                                     : {position: sideways ? 'right' : 'top'});
    if (!piled) data.flat().filter(d => d?.value < 0).forEach(d => {
      d.label = {position: sideways ? 'left' : 'bottom'};
    });
    const texts = data.flat().filter(Boolean).map(d => d.text);
    const room = sideways && !piled ? roomFor(view, texts) : 0.12;
    const across = categoryAxis(view, names, sideways);
    const along = valueAxis(view, unitOf(view, view.chart.y[0]),
                            piled ? [...sums, ...flat] : flat, room);
    const wanted = stacked ? 28 : 12 + 17 * series.length;
    const thickness = view.paper ? Math.min(wanted, SHEET / names.length) : wanted;
    return {
      option: {
        ...base(view), grid: gridOf(along.max ? 48 : 12),
        tooltip: tooltip(view, 'axis', p => names[p.dataIndex],
                         p => [p.seriesName, withUnit(p.data.text, p.data.unit, p.seriesName)]),
        xAxis: sideways ? along : across, yAxis: sideways ? across : along,
        series: barSeries(view, series, data, stacked, labels),
      },
      height: sideways ? names.length * thickness + 50 : 320,
      legend: legendOf(series, false),
      stops: names.map((_, i) => ({seriesIndex: data.findIndex(d => d[i]), dataIndex: i})),
      notes: all.length > names.length ? [`The first ${MOST_BARS} of ${all.length}.`] : [],
    };
  }

  // Where each row of a bridge begins and ends. The first and the last stand on nothing.
  function bridgeSteps(view) {
    const y = view.chart.y[0];
    const points = view.rows.map(row => pointOf(view, row, y)).filter(p => p.value !== null);
    let level = 0;
    return points.map((p, i) => {
      const stands = i === 0 || i === points.length - 1;
      const from = stands ? 0 : level;
      if (i < points.length - 1) level += p.value;
      return {...p, from, to: from + p.value, before: level, stands};
    });
  }

  // The parts of a bar from one level to another: what carries it, and what is seen above and below
  // nothing.
  function bridgeParts(step) {
    const low = Math.min(step.from, step.to), high = Math.max(step.from, step.to);
    return {base: low > 0 ? low : high < 0 ? high : 0, above: Math.max(high, 0) - Math.max(low, 0),
            below: Math.min(low, 0) - Math.min(high, 0)};
  }

  function bridgeSeries(view, steps, sideways) {
    const {colours} = view;
    const colour = s => s.stands ? colours.series[5] : s.value < 0 ? colours.series[1]
                                                                   : colours.series[0];
    const signed = s => s.stands || s.value <= 0 ? s.text : `+${s.text}`;
    const part = (name, values) => ({
      type: 'bar', stack: 'all', barMaxWidth: 46, name, z: 3,
      data: steps.map((s, i) => ({value: values[i], text: signed(s), step: s,
                                  silent: name === 'base', itemStyle: {color: colour(s)}})),
    });
    const parts = steps.map(bridgeParts);
    const above = part('above', parts.map(p => p.above));
    const below = part('below', parts.map(p => p.below));
    const shown = label(view, {position: sideways ? 'right' : 'top'});
    // A bar has one label: at its upper part, if it has one.
    parts.forEach((p, i) => {
      const isBelow = p.below < 0 && p.above === 0;
      above.data[i].label = isBelow ? {show: false} : shown;
      below.data[i].label = isBelow ? shown : {show: false};
    });
    const levels = steps.map((s, i) => i === steps.length - 1 ? s.to : s.before);
    return [
      {...part('base', parts.map(p => p.base)), itemStyle: {opacity: 0}, silent: true,
       data: parts.map(p => ({value: p.base, silent: true}))},
      above, below,
      {type: 'line', step: 'end', symbol: 'none', silent: true, z: 1, name: 'level',
       lineStyle: {color: colours.muted, width: 1, type: 'dotted'},
       data: levels.map((level, i) => ({value: sideways ? [level, i] : [i, level], silent: true}))},
    ];
  }

  function bridge(view) {
    const steps = bridgeSteps(view);
    if (steps.length === 0) return null;
    const sideways = view.width < 130 * steps.length * 0.75;
    const names = steps.map(s => textOf(s.row, view.chart.x));
    const unit = unitOf(view, view.chart.y[0]);
    const across = categoryAxis(view, names, sideways);
    const along = valueAxis(view, unit, steps.flatMap(s => [s.from, s.to]),
                            sideways ? roomFor(view, steps.map(s => `+${s.text}`)) : 0.12);
    const last = steps[steps.length - 1];
    const gap = steps.length > 1 ? last.value - last.before : 0;
    const tolerance = 1e-6 * Math.max(1, Math.abs(last.value));
    return {
      option: {
        ...base(view), grid: gridOf(12), xAxis: sideways ? along : across,
        yAxis: sideways ? across : along,
        tooltip: tooltip(view, 'item', p => names[p.dataIndex],
                         p => [view.chart.y[0], withUnit(p.data.text, unit)]),
        series: bridgeSeries(view, steps, sideways),
      },
      height: sideways ? steps.length * 34 + 50 : 340,
      legend: [],
      stops: steps.map((s, i) => ({seriesIndex: s.to < 0 || s.from < 0 ? 2 : 1, dataIndex: i})),
      notes: Math.abs(gap) > tolerance ? ['The steps do not add up to the last row: ' +
          `${new Intl.NumberFormat('en').format(gap)} is not explained.`] : [],
    };
  }

  chartKinds.set('bars', bars);
  chartKinds.set('stacked_bars', bars);
  chartKinds.set('bridge', bridge);
})();
