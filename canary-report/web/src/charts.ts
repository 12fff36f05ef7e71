// The charts of one metric with the time that is pointed at, by pointer or by keys.

import type { Result, Series } from "./block";
import { MARGIN } from "./chart/frame";
import { ratioChart, ratiosOf } from "./chart/ratio";
import { spreadChart } from "./chart/spread";
import { timeScale, valueChart } from "./chart/value";
import { h, s } from "./dom";
import { QUANTILES, short, summary, type Summary } from "./number";
import type { Clock } from "./time";

const LEAST_WIDTH = 260;

export function charts(result: Result, series: Series, clock: Clock, onset: number | null): HTMLElement {
  const count = Math.max(series.baseline.values.length, series.canary.values.length);
  const ratios = ratiosOf(series);
  const readout = h("p", { class: "readout num" });
  const range = h("input", { type: "range", class: "time", min: 0, max: Math.max(0, count - 1), step: 1, "aria-label": "Time" });
  range.value = String(count - 1);
  const values = h("div", { class: "plot" });
  const ratio = h("div", { class: "plot" });
  const spread = h("div", { class: "plot" });
  const hint = h("span", { class: "hint" }, "bounds, and the interval over the part of the run that decided");
  const overTime = h("div", { class: "over-time" }, values, h("h3", {}, "Ratio, canary over baseline ", hint), ratio);
  let cursors: SVGPathElement[] = [];
  let width = 0;

  const point = (tick: number): void => {
    const text = textAt(series, ratios, clock, tick);
    const local = clock.local(tick);
    readout.replaceChildren(h("span", { title: local }, text));
    range.setAttribute("aria-valuetext", text);
    range.title = local;
    const x = timeScale(series, width)(tick).toFixed(1);
    for (const cursor of cursors) cursor.setAttribute("d", `M${x} ${MARGIN.top}V2000`);
  };
  const draw = (): void => {
    const plots = [
      valueChart(series, clock, { width, height: 220 }, onset),
      ratioChart(result, series, clock, { width, height: 150 }, onset),
    ] as const;
    cursors = plots.map((plot) => plot.appendChild(s("path", { class: "cursor" })));
    values.replaceChildren(plots[0]);
    ratio.replaceChildren(plots[1]);
    spread.replaceChildren(spreadChart(series, { width, height: 150 }));
    point(Number(range.value));
  };
  range.addEventListener("input", () => point(Number(range.value)));
  overTime.addEventListener("pointermove", (event) => {
    const share = (event.clientX - overTime.getBoundingClientRect().left - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
    const tick = Math.round(Math.min(Math.max(share, 0), 1) * (count - 1));
    range.value = String(tick);
    point(tick);
  });
  new ResizeObserver(() => {
    const now = Math.max(LEAST_WIDTH, Math.floor(overTime.clientWidth));
    if (now === width) return;
    width = now;
    draw();
  }).observe(overTime);

  return h(
    "div",
    { class: "charts" },
    h("h3", {}, "Over time", legend(series)),
    readout,
    overTime,
    range,
    h("h3", {}, "Distributions"),
    spread,
    quantiles(series),
  );
}

function legend(series: Series): HTMLElement {
  const hasBand = series.baseline.band !== null || series.canary.band !== null;
  return h(
    "span",
    { class: "hint lines" },
    h("span", { class: "key baseline" }, "baseline"),
    h("span", { class: "key canary" }, "canary"),
    hasBand ? " band: least to greatest over the instances" : null,
  );
}

function textAt(series: Series, ratios: Float64Array, clock: Clock, tick: number): string {
  const value = (side: Float64Array): string => {
    const found = side[tick] ?? NaN;
    return Number.isNaN(found) ? "none" : short(found);
  };
  const ratio = ratios[tick] ?? NaN;
  const end = Number.isNaN(ratio) ? "" : `  ratio ${short(ratio)}`;
  return `${clock.text(tick)}  baseline ${value(series.baseline.values)}  canary ${value(series.canary.values)}${end}`;
}

/** The numbers behind the distributions, side by side. */
function quantiles(series: Series): HTMLElement {
  const sides = [summary(series.baseline.values), summary(series.canary.values)] as const;
  const row = (label: string, of: (found: Summary) => number | undefined): HTMLElement => {
    const [baseline, canary] = sides.map((side) => (side ? of(side) : undefined));
    const ratio = baseline !== undefined && canary !== undefined && baseline !== 0 ? short(canary / baseline) : "-";
    const cell = (value: number | undefined): HTMLElement => h("td", { class: "num" }, value === undefined ? "-" : short(value));
    return h("tr", {}, h("th", { scope: "row" }, label), cell(baseline), cell(canary), h("td", { class: "num" }, ratio));
  };
  return h(
    "table",
    { class: "plain quantiles" },
    h("thead", {}, h("tr", {}, ...["", "baseline", "canary", "ratio"].map((text, index) => (index === 0 ? h("td") : h("th", { scope: "col", class: "num" }, text))))),
    h("tbody", {}, row("mean", ({ mean }) => mean), ...QUANTILES.map((share, index) => row(`${share * 100} %`, (found) => found.quantiles[index]))),
  );
}
