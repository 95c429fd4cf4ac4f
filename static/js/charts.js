// The charts of the statistics, in the colours of the theme; the page shows the same numbers as a table.
(() => {
  const PALETTE = {
    light: ["#3457d5", "#1a8754", "#b56a00", "#8a3fb8", "#0b7d94", "#c2356b", "#6b7280"],
    dark: ["#8fa6ff", "#5fcf94", "#f0b35a", "#cf9bf5", "#5ccbe0", "#f58ab1", "#9aa1af"],
  };
  const LONGEST = 24;
  let charts = [];

  function colours() {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const style = getComputedStyle(document.body);
    return { series: PALETTE[dark ? "dark" : "light"], text: style.color, grid: dark ? "#2d3038" : "#e2e4ea" };
  }

  // The axis takes half of the chart at most and cuts what is longer; the whole name stands over the bar and in the table.
  function shortened(value) {
    const name = this.getLabelForValue(value);
    return name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;
  }

  function options(look, { across, stacked, precision, unit, sample }) {
    const axis = { ticks: { color: look.text, maxRotation: 0, autoSkipPadding: 12 }, grid: { color: look.grid }, border: { display: false }, stacked };
    const names = { ...axis, grid: { display: false }, ticks: across ? { ...axis.ticks, autoSkip: false, callback: shortened } : axis.ticks };
    const numbers = { ...axis, beginAtZero: true, ticks: { ...axis.ticks, precision }, title: { display: !!unit, text: unit, color: look.text } };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: across ? "y" : "x",
      interaction: { mode: "index", intersect: false, axis: across ? "y" : "x" },
      plugins: { legend: { position: "bottom", labels: { color: look.text, boxWidth: 12, boxHeight: 12, usePointStyle: !!sample, pointStyle: sample, pointStyleWidth: 30 } } },
      scales: across ? { x: numbers, y: names } : { x: names, y: numbers },
    };
  }

  const bar = (look) => (series, at) => ({
    label: series.label,
    data: series.values,
    backgroundColor: look.series[at % look.series.length],
    borderRadius: 2,
    maxBarThickness: 28,
  });

  // Told apart by dashes and points, too.
  const line = (look) => (series, at) => ({
    label: series.label,
    data: series.values,
    borderColor: look.series[at],
    backgroundColor: look.series[at],
    borderDash: [[], [6, 4], [2, 3]][at],
    pointStyle: ["circle", "rectRot", "triangle"][at],
    pointRadius: 3,
    spanGaps: true,
    tension: 0.2,
  });

  const SORTS = {
    completed: (look) => ({ type: "bar", set: bar(look), options: options(look, { stacked: true, precision: 0 }) }),
    durations: (look, unit) => ({ type: "line", set: line(look), options: options(look, { unit, sample: "line" }) }),
    waits: (look, unit) => ({ type: "bar", set: bar(look), options: options(look, { stacked: true, across: true, unit }) }),
  };

  function draw() {
    for (const chart of charts) chart.destroy();
    charts = [];
    const source = document.querySelector("[data-charts]");
    if (!source) return;
    const look = colours();
    for (const [code, { days, series }] of Object.entries(JSON.parse(source.dataset.charts))) {
      const { type, set, options } = SORTS[code](look, source.dataset.textHours);
      const canvas = source.querySelector(`[data-chart=${code}]`);
      charts.push(new window.Chart(canvas, { type, data: { labels: days, datasets: series.map(set) }, options }));
    }
  }

  document.addEventListener("portal:theme", draw);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "statistics") draw();
  });
  draw();
})();
