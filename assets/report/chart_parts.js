'use strict';

// What all kinds of chart have in common, when the charts that a table declares
// (include/throughline/table.h) become options of ECharts.
//
// Each kind is a function of a view: {chart, columns, rows, colours, font, width, still, contrast,
// paper}, where a row has values, and texts as the table beside the chart shows them. It gives
// {option, height, legend, stops, notes}, stops being the places that arrow keys go to, or null if
// there is nothing to draw. Names of others are never used as keys, templates or markup.
const chartKinds = new Map();

const chartParts = (() => {
  const DASHES = ['solid', 'dashed', 'dotted'];
  const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});

  const typeOf = (view, name) => view.columns.get(name).type;
  const unitOf = (view, name) => view.columns.get(name).unit;
  const isNumber = type => type === 'integer' || type === 'real';
  const isTime = type => type === 'date' || type === 'time';
  // What turns the direction of text would turn all of a label.
  const textOf = (row, name) =>
      row.texts.get(name).replace(/[\u202a-\u202e\u2066-\u2069]/g, '') || '(blank)';

  // What an axis makes of a cell; null if it is empty.
  function position(view, row, name) {
    const value = row.values[name];
    if (value === null || isNumber(typeOf(view, name))) return value;
    const at = Date.parse(value);
    return Number.isNaN(at) ? null : at;
  }

  const pointOf = (view, row, y) => ({row, y, value: row.values[y], text: textOf(row, y)});

  // A series for each of y, or for each text in the column that parts the rows.
  function seriesOf(view) {
    const {chart} = view;
    const series = new Map();
    for (const y of chart.y) {
      for (const row of view.rows) {
        const part = chart.series ? textOf(row, chart.series) : '';
        const name = !chart.series ? y : chart.y.length > 1 ? `${part}: ${y}` : part;
        if (!series.has(name)) series.set(name, {name, points: []});
        series.get(name).points.push(pointOf(view, row, y));
      }
    }
    const drawn = [...series.values()].filter(s => s.points.some(p => p.value !== null));
    drawn.forEach((s, i) => {
      // Where colours begin anew, dashes are shifted: no two of many series look the same.
      const round = Math.floor(i / view.colours.series.length);
      s.colour = view.colours.series[i % view.colours.series.length];
      s.dash = DASHES[(i + round) % DASHES.length];
    });
    return drawn;
  }

  function legendOf(series, curve) {
    if (series.length < 2) return [];
    return series.map(s => ({name: s.name, colour: s.colour, curve, dash: curve ? s.dash : ''}));
  }

  function tip(title, lines) {
    const box = document.createElement('div');
    const head = box.appendChild(document.createElement('strong'));
    head.textContent = title;
    const list = box.appendChild(document.createElement('dl'));
    for (const [name, text] of lines) {
      list.appendChild(document.createElement('dt')).textContent = name;
      list.appendChild(document.createElement('dd')).textContent = text;
    }
    return box;
  }

  // Beside its name, which may say the unit already.
  const withUnit = (text, unit, name) =>
      unit && unit !== 'share' && unit !== name ? `${text} ${unit}` : text;

  // Of the items under the pointer those that have something to say.
  function tooltip(view, trigger, title, line) {
    const {colours} = view;
    return {
      trigger, confine: true, className: 'tip', backgroundColor: colours.raised,
      borderColor: colours.muted, textStyle: {color: colours.ink, fontFamily: view.font},
      axisPointer: {type: view.chart.kind.endsWith('bars') ? 'shadow' : 'line',
                    label: {show: false}},
      formatter: params => {
        const told = [params].flat().filter(p => p.data && !p.data.silent);
        return told.length === 0 ? '' : tip(title(told[0]), told.map(line));
      },
    };
  }

  function axis(view, more) {
    const {colours} = view;
    return {
      axisLine: {lineStyle: {color: colours.muted}}, axisTick: {show: false},
      splitLine: {lineStyle: {color: colours.line}},
      nameTextStyle: {color: colours.muted, fontFamily: view.font},
      ...more,
      axisLabel: {color: colours.muted, fontFamily: view.font, fontSize: 12, hideOverlap: true,
                  ...more.axisLabel},
    };
  }

  const isNarrow = view => view.width < 500;

  // `room`: what share of the axis is left for labels at the end of what is drawn.
  function valueAxis(view, unit, values, room = 0.12) {
    const share = unit === 'share';
    const most = Math.max(...values), least = Math.min(...values);
    const toAll = share && most > 0.6 && most <= 1 && least >= 0;
    const gap = `${Math.round(100 * room / (1 - room))}%`;
    return axis(view, {
      type: 'value', minInterval: values.every(Number.isInteger) ? 1 : 0,
      splitNumber: isNarrow(view) ? 3 : 5,
      ...toAll ? {max: 1, interval: isNarrow(view) ? 0.25 : 0.2} : {},
      boundaryGap: [least < 0 ? gap : 0, gap],
      axisLabel: {formatter: v => share ? `${Math.round(v * 1000) / 10}%` : compact.format(v)},
    });
  }

  const nameWidth = view => Math.min(190, view.width * 0.36);

  // What share of an axis that runs sideways these texts need at its end.
  function roomFor(view, texts) {
    const longest = Math.max(...texts.map(text => text.length));
    return Math.min(0.45, (longest * 7 + 12) / (view.width - nameWidth(view)));
  }

  // Names stand in the data by their number only.
  function categoryAxis(view, names, sideways) {
    const room = sideways ? nameWidth(view) : view.width * 0.85 / names.length;
    const steep = !sideways && room < 60;
    return axis(view, {
      type: 'category', data: names.map((_, i) => String(i)), inverse: sideways,
      splitLine: {show: false},
      axisLabel: {formatter: i => names[Number(i)], width: steep ? 90 : room,
                  color: view.colours.ink, rotate: steep ? 55 : 0,
                  overflow: sideways || steep ? 'truncate' : 'break',
                  interval: sideways || names.length <= 14 ? 0 : 'auto', hideOverlap: !sideways},
    });
  }

  const gridOf = right => ({left: 4, right, top: 14, bottom: 4, outerBoundsMode: 'same',
                            outerBoundsContain: 'axisLabel'});

  const base = view => ({
    useUTC: true, animation: !view.still, animationDuration: 400,
    textStyle: {fontFamily: view.font, color: view.colours.ink},
    aria: {enabled: true, label: {enabled: false}, decal: {show: view.contrast}},
  });

  const label = (view, more) => ({show: true, color: view.colours.ink, fontFamily: view.font,
                                  fontSize: 12, formatter: p => p.data.text, ...more});

  // What the rows are called, in their order, each name once.
  const namesOf = (view, rows) => [...new Set(rows.map(row => textOf(row, view.chart.x)))];

  return {typeOf, unitOf, isNumber, isTime, textOf, position, pointOf, seriesOf, namesOf, legendOf,
          tip, withUnit, tooltip, axis, valueAxis, categoryAxis, isNarrow, roomFor, gridOf, base,
          label, compact};
})();
