// The charts of the statistics, in the colours of the theme; the page shows the same numbers as a table.
(() => {
  const PALETTE = {
    light: ["#3457d5", "#1a8754", "#b56a00", "#8a3fb8", "#0b7d94", "#c2356b", "#6b7280"],
    dark: ["#8fa6ff", "#5fcf94", "#f0b35a", "#cf9bf5", "#5ccbe0", "#f58ab1", "#9aa1af"],
  };
  let charts = [];

  function colours() {
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const style = getComputedStyle(document.body);
    return { series: PALETTE[dark ? "dark" : "light"], text: style.color, grid: dark ? "#2d3038" : "#e2e4ea" };
  }

  function options(look, extra) {
    const axis = { ticks: { color: look.text, maxRotation: 0, autoSkipPadding: 12 }, grid: { color: look.grid }, border: { display: false } };
    return {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: { legend: { position: "bottom", labels: { color: look.text, boxWidth: 12, boxHeight: 12 } } },
      scales: {
        x: { ...axis, grid: { display: false }, stacked: extra.stacked },
        y: { ...axis, beginAtZero: true, stacked: extra.stacked, ticks: { ...axis.ticks, precision: extra.precision }, title: { display: !!extra.unit, text: extra.unit, color: look.text } },
      },
    };
  }

  function draw() {
    for (const chart of charts) chart.destroy();
    charts = [];
    const source = document.querySelector("[data-charts]");
    if (!source) return;
    const numbers = JSON.parse(source.dataset.charts);
    const look = colours();
    const bars = numbers.completed.map((series, at) => ({
      label: series.label,
      data: series.values,
      backgroundColor: look.series[at % look.series.length],
      borderRadius: 2,
      maxBarThickness: 28,
    }));
    const lines = numbers.durations.map((series, at) => ({
      label: series.label,
      data: series.values,
      borderColor: look.series[at],
      backgroundColor: look.series[at],
      borderDash: at ? [6, 4] : [],
      pointStyle: at ? "rectRot" : "circle",
      pointRadius: 3,
      spanGaps: true,
      tension: 0.2,
    }));
    const canvas = (name) => source.querySelector(`[data-chart=${name}]`);
    charts.push(
      new window.Chart(canvas("completed"), {
        type: "bar",
        data: { labels: numbers.days, datasets: bars },
        options: options(look, { stacked: true, precision: 0 }),
      }),
      new window.Chart(canvas("durations"), {
        type: "line",
        data: { labels: numbers.days, datasets: lines },
        options: options(look, { stacked: false, unit: source.dataset.textHours }),
      }),
    );
  }

  document.addEventListener("portal:theme", draw);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "statistics") draw();
  });
  draw();
})();
