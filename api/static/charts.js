// Charts from the figures that stand in the page: <figure data-chart="{labels, series, …}">.
(() => {
  "use strict";
  const english = document.documentElement.lang.startsWith("en");
  const locale = english ? "en" : "pt-BR";
  const whole = new Intl.NumberFormat(locale);
  const reais = new Intl.NumberFormat(locale, { style: "currency", currency: "BRL" });
  const units = { money: (value) => reais.format(value), percent: (value) => `${whole.format(value)} %` };
  const isDark = () => document.documentElement.getAttribute("data-bs-theme") === "dark";
  const colours = { light: ["#2f6bd8", "#3f9142", "#b4531a", "#7c4dbd", "#66707d"], dark: ["#7aa7f7", "#7ccf7f", "#f0a265", "#c3a1f0", "#a9b4c2"] };

  const option = (chart, described) => {
    const many = chart.series.length > 1;
    const written = units[chart.unit] ?? ((value) => whole.format(value));
    const told = (value) => (value === null || value === undefined ? "—" : written(value));
    const places = { type: "category", data: chart.labels, axisTick: { show: false }, axisLabel: { hideOverlap: !chart.horizontal, interval: chart.horizontal ? 0 : "auto" } };
    const values = { type: "value", minInterval: 1, axisLabel: { hideOverlap: true, formatter: (value) => (chart.unit === "money" ? whole.format(value) : written(value)) } };
    return {
      backgroundColor: "transparent",
      color: isDark() ? colours.dark : colours.light,
      textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif" },
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      aria: { enabled: true, label: { description: described }, decal: { show: true } },
      tooltip: { trigger: "axis", confine: true, axisPointer: { type: chart.kind === "line" ? "line" : "shadow" }, valueFormatter: told },
      legend: many ? { type: "scroll", bottom: 0, itemWidth: 18 } : undefined,
      grid: { left: 8, right: 20, top: 12, bottom: many ? 34 : 8, containLabel: true },
      xAxis: chart.horizontal ? values : places,
      yAxis: chart.horizontal ? { ...places, inverse: true } : values,
      series: chart.series.map((series) => ({
        name: series.name,
        type: chart.kind,
        stack: chart.stack ? "all" : undefined,
        barMaxWidth: 44,
        symbolSize: 7,
        cursor: series.links.some(Boolean) ? "pointer" : "default",
        data: series.data.map((value) => (value === null ? null : Number(value))),
      })),
    };
  };

  const draw = (figure) => {
    const chart = JSON.parse(figure.dataset.chart);
    const area = figure.querySelector(".chart-area");
    echarts.getInstanceByDom(area)?.dispose();
    const drawn = echarts.init(area, isDark() ? "dark" : null, { renderer: "svg", locale: english ? "EN" : "PT-br" });
    drawn.setOption(option(chart, figure.dataset.described));
    drawn.on("click", ({ seriesIndex, dataIndex }) => {
      const link = chart.series[seriesIndex]?.links[dataIndex];
      if (link) location.href = link;
    });
  };
  const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);

  const sizes = new ResizeObserver((areas) => areas.forEach(({ target }) => echarts.getInstanceByDom(target)?.resize()));
  drawAll();
  document.querySelectorAll(".chart-area").forEach((area) => sizes.observe(area));
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
