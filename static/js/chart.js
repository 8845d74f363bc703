/*
 * Draws each <canvas data-chart="ID"> from the JSON of <script id="ID" type="application/json">:
 *   {"kind": "line" | "bar", "labels": ["1", …], "unit_vnd": 1000000, "unit": "triệu đồng",
 *    "series": [{"name": "Đã ký", "tone": "plan" | "approved" | "signed" | "paid" | "done" | "late",
 *                "values": [đồng or null, …], "fill": true, "dashed": true}, …],
 *    "mark": {"at": 8, "text": "30/09"}}            mark, unit, fill, dashed may be missing
 */
"use strict";

const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(`--${name}`).trim();
const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 2 });
const TEXT_TONE = { plan: "muted", approved: "muted", signed: "signed-text", paid: "paid", done: "done", late: "late" };
const LINE_TONE = { plan: "plan-line", approved: "approved", signed: "signed", paid: "paid", done: "done", late: "late" };
const LEGEND = { usePointStyle: true, pointStyleWidth: 18, sort: (a, b) => a.datasetIndex - b.datasetIndex };
const STILL = { responsive: true, maintainAspectRatio: false, animation: false };

/* The day that is asked about, as a dotted line over the whole height. */
const dayMark = {
  id: "dayMark",
  afterDatasetsDraw(chart, _args, { mark }) {
    if (!mark) return;
    const { ctx, chartArea, scales } = chart;
    const x = scales.x.getPixelForValue(mark.at);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = token("due");
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.font = `11px ${style.getPropertyValue("--bs-body-font-family")}`;
    ctx.textAlign = "center";
    ctx.fillText(mark.text, x, chartArea.top - 18);
    ctx.restore();
  },
};

/* Names at the lines' ends instead of a legend; those too near to each other move apart. */
const endNames = {
  id: "endNames",
  afterDatasetsDraw(chart, _args, { series, unit_vnd }) {
    if (!series) return;
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.font = `12px ${style.getPropertyValue("--bs-body-font-family")}`;
    for (const name of spread(series.flatMap((one, index) => endOf(chart, one, index, unit_vnd)), chartArea)) {
      const width = ctx.measureText(name.text).width;
      const x = Math.min(name.x + 8, chart.width - width);
      // Another line may run behind the words: it stops before them.
      ctx.fillStyle = token("paper");
      ctx.fillRect(x - 3, name.y - 11, width + 6, 15);
      ctx.fillStyle = token(TEXT_TONE[name.tone]);
      ctx.fillText(name.text, x, name.y);
    }
    ctx.restore();
  },
};

function endOf(chart, one, index, unit) {
  const last = one.values.findLastIndex((value) => value !== null);
  if (last < 0) return [];
  const point = chart.getDatasetMeta(index).data[last];
  return [{ text: `${one.name} ${number.format(one.values[last] / unit)}`, tone: one.tone, x: point.x, y: point.y - 7 }];
}

function spread(names, area) {
  names.sort((a, b) => a.y - b.y);
  let free = area.top - 4;
  for (const name of names) {
    name.y = Math.max(name.y, free);
    free = name.y + 16;
  }
  return names;
}

function dataset(one, unit, order) {
  const color = token(LINE_TONE[one.tone]);
  return {
    label: one.name,
    // A lower order lies on top; what comes later in the office's work must not hide under the fill before it.
    order,
    data: one.values.map((value) => (value === null ? null : value / unit)),
    borderColor: color,
    backgroundColor: one.fill ? token("accent-soft") : color,
    borderWidth: one.dashed ? 2 : 2.5,
    borderDash: one.dashed ? [5, 4] : [],
    fill: Boolean(one.fill),
    pointRadius: 0,
    pointHitRadius: 12,
    maxBarThickness: 26,
  };
}

function axes(bars) {
  const ticks = { color: token("muted"), font: { size: 11 } };
  return {
    x: { offset: true, grid: { display: false }, border: { display: false }, ticks: { ...ticks, maxRotation: 0 } },
    y: {
      beginAtZero: true,
      grid: { color: token("line") },
      border: { display: false },
      ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => number.format(value) },
      grace: bars ? 0 : "5%",
    },
  };
}

/* Lines that end near the right edge leave no room for their names: the plot then ends earlier. */
function roomForNames(series) {
  const near = series.some((one) => !one.dashed && one.values.findLastIndex((value) => value !== null) > one.values.length - 4);
  return near ? 168 : 0;
}

function draw(canvas) {
  const facts = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const unit = facts.unit_vnd ?? 1;
  const say = (item) => `${item.dataset.label}: ${number.format(item.parsed.y)} ${facts.unit ?? ""}`;
  const bars = facts.kind === "bar";
  // Names at the ends need room that a phone has not.
  const named = !bars && canvas.parentElement.clientWidth > 480;
  new Chart(canvas, {
    type: facts.kind ?? "line",
    data: { labels: facts.labels, datasets: facts.series.map((one, index) => dataset(one, unit, -index)) },
    plugins: [dayMark, endNames],
    options: {
      ...STILL,
      interaction: { mode: "index", intersect: false },
      scales: axes(bars),
      layout: { padding: { top: facts.mark ? 28 : 14, right: named ? roomForNames(facts.series) : 0 } },
      plugins: {
        legend: { display: !named && facts.series.length > 1, position: "bottom", labels: { ...LEGEND, pointStyle: bars ? "rect" : "line" } },
        tooltip: { itemSort: (a, b) => a.datasetIndex - b.datasetIndex, callbacks: { label: say } },
        dayMark: { mark: facts.mark },
        endNames: named ? { series: facts.series, unit_vnd: unit } : {},
      },
    },
  });
}

Chart.defaults.font.family = style.getPropertyValue("--bs-body-font-family");
Chart.defaults.color = token("ink");
// A canvas keeps the font it was first drawn with, so drawing waits for the real one.
document.fonts.ready.then(() => document.querySelectorAll("canvas[data-chart]").forEach(draw));
