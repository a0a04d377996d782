'use strict';

// Lines, steps and timelines.
(() => {
  const {typeOf, unitOf, isNumber, isTime, textOf, position, seriesOf, namesOf, legendOf,
         tip, withUnit, tooltip, axis, valueAxis, categoryAxis, isNarrow, gridOf, base, label,
         compact} = chartParts;

  function curveAxis(view, names) {
    const {x} = view.chart, type = typeOf(view, x);
    if (isTime(type)) return axis(view, {type: 'time', splitLine: {show: false}});
    if (!isNumber(type)) return {...categoryAxis(view, names, false), boundaryGap: false};
    const unit = unitOf(view, x);
    return axis(view, {
      type: 'value', scale: true, splitLine: {show: false}, nameLocation: 'middle', nameGap: 26,
      name: unit && unit !== x ? `${x} (${unit})` : x,
      axisLabel: {formatter: v => compact.format(v)},
    });
  }

  function curvePoints(view, s, names) {
    const {x} = view.chart, named = typeOf(view, x) === 'text';
    const points = s.points.map(p => ({...p, x: named ? names.indexOf(textOf(p.row, x))
                                                      : position(view, p.row, x)}));
    const placed = points.filter(p => p.x !== null && p.x >= (named ? 0 : -Infinity));
    return placed.sort((a, b) => a.x - b.x);
  }

  function curve(view, s, points, valueOf, more) {
    return {
      type: 'line', name: s.name, step: view.chart.kind === 'steps' ? 'end' : false,
      symbol: 'circle', symbolSize: 6, showSymbol: points.length <= 24,
      itemStyle: {color: s.colour}, lineStyle: {color: s.colour, width: 2, type: s.dash},
      data: points.map(p => ({
        value: [p.x, valueOf(p) ?? '-'], text: p.text, title: textOf(p.row, view.chart.x),
        unit: unitOf(view, p.y), ...more,
      })),
    };
  }

  // Bounds of a curve: thin lines of its colour, which say nothing by themselves.
  function bounds(view, s, points) {
    const names = [view.chart.low, view.chart.high].filter(Boolean);
    for (const p of points) {
      const texts = names.map(name => textOf(p.row, name));
      if (texts.length > 0) p.text = `${p.text} (${texts.join(' to ')})`;
    }
    return names.map(name => ({
      ...curve(view, s, points, p => p.row.values[name], {silent: true}),
      showSymbol: false, silent: true,
      lineStyle: {color: s.colour, width: 1, type: 'dotted', opacity: 0.8},
    }));
  }

  function curves(view) {
    const series = seriesOf(view);
    const names = namesOf(view, view.rows);
    const placed = series.map(s => curvePoints(view, s, names));
    if (placed.flat().length === 0) return null;
    const lines = [];
    series.forEach((s, i) => {
      const extra = bounds(view, s, placed[i]);
      lines.push(curve(view, s, placed[i], p => p.value, {}), ...extra);
    });
    const values = placed.flat().map(p => p.value).filter(v => v !== null);
    const {x} = view.chart, unit = isNumber(typeOf(view, x)) ? unitOf(view, x) : '';
    const longest = lines.reduce((a, b) => b.data.length > a.data.length ? b : a);
    return {
      option: {
        ...base(view), grid: {...gridOf(18), bottom: isNumber(typeOf(view, x)) ? 26 : 4},
        tooltip: tooltip(view, 'axis', p => withUnit(p.data.title, unit),
                         p => [p.seriesName, withUnit(p.data.text, p.data.unit, p.seriesName)]),
        xAxis: curveAxis(view, names),
        yAxis: {...valueAxis(view, unitOf(view, view.chart.y[0]), values), boundaryGap: [0, '5%']},
        series: lines,
      },
      height: 320,
      legend: legendOf(series, true),
      stops: longest.data.map((_, i) => ({seriesIndex: lines.indexOf(longest), dataIndex: i})),
      notes: view.chart.low || view.chart.high ? ['Thin: the bounds of each curve.'] : [],
    };
  }

  // The lanes of a timeline, each with its events.
  function lanesOf(view) {
    const {chart} = view, lanes = new Map();
    for (const row of view.rows) {
      const at = position(view, row, chart.x);
      if (at === null) continue;
      const lane = chart.series ? textOf(row, chart.series) : '';
      if (!lanes.has(lane)) lanes.set(lane, []);
      const told = chart.y.filter(y => row.values[y] !== null).map(y => [y, textOf(row, y)]);
      lanes.get(lane).push({at, told, title: textOf(row, chart.x)});
    }
    return lanes;
  }

  function timeline(view) {
    const lanes = lanesOf(view), names = [...lanes.keys()];
    const drawn = [...lanes.values()].reduce((sum, events) => sum + events.length, 0);
    if (drawn === 0) return null;
    const {colours} = view, undated = view.rows.length - drawn;
    const series = [...lanes.values()].map((events, lane) => ({
      type: 'scatter', symbolSize: 11, labelLayout: {hideOverlap: true},
      itemStyle: {color: colours.series[lane % colours.series.length], opacity: 0.9},
      label: label(view, {distance: 4, width: isNarrow(view) ? 110 : 150, overflow: 'truncate'}),
      data: events.map((e, i) => ({value: [e.at, lane], told: e.told, title: e.title,
                                   text: e.told.map(([, text]) => text).join(', '),
                                   label: {position: i % 2 === 0 ? 'top' : 'bottom'}})),
    }));
    return {
      option: {
        ...base(view), grid: {...gridOf(isNarrow(view) ? 60 : 80), top: 22},
        tooltip: {...tooltip(view, 'item', p => p.data.title, p => p),
                  formatter: p => tip(p.data.title, p.data.told)},
        xAxis: axis(view, {type: 'time', boundaryGap: ['4%', '4%']}),
        yAxis: {...categoryAxis(view, names, true), splitLine: {show: true,
                lineStyle: {color: colours.line}}},
        series,
      },
      height: names.length * 58 + 70,
      legend: [],
      stops: series.flatMap((s, i) => s.data.map((_, d) => ({seriesIndex: i, dataIndex: d}))),
      notes: undated > 0 ? [`${undated} without a date: in the table only.`] : [],
    };
  }

  chartKinds.set('lines', curves);
  chartKinds.set('steps', curves);
  chartKinds.set('timeline', timeline);
})();
