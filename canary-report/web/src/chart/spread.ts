// The distributions of both sides on one axis: the baseline's upwards, the canary's downwards.

import type { Series } from "../block";
import { s } from "../dom";
import { quantile, short, summary } from "../number";
import { MARGIN, frame, type Size } from "./frame";
import { linear, ticks, type Scale } from "./scale";

const BINS = 48;
/** A few values far away must not flatten the rest: they fall into the outermost bins. */
const OUTSIDE = 0.005;

export function spreadChart(series: Series, size: Size): SVGSVGElement {
  const chart = frame(size, "spread", textOf(series));
  const all = Float64Array.from([...series.baseline.values, ...series.canary.values].filter((v) => !Number.isNaN(v))).sort();
  if (all.length === 0) return chart;
  let [low, high] = [quantile(all, OUTSIDE), quantile(all, 1 - OUTSIDE)];
  if (!(low < high)) [low, high] = [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2];
  const x = linear(low, high, MARGIN.left, size.width - MARGIN.right);
  const middle = (size.height - MARGIN.bottom + MARGIN.top) / 2;
  const reach = (size.height - MARGIN.bottom - MARGIN.top) / 2 - 1;
  const sides = [
    { side: "baseline", up: -1 },
    { side: "canary", up: 1 },
  ] as const;
  const shares = sides.map(({ side }) => binned(series[side].values, x));
  const most = Math.max(...shares.flat(), 1e-9);
  sides.forEach(({ side, up }, index) => {
    const bars = (shares[index] ?? []).map((share, bin) => {
      const [left, right] = [bin, bin + 1].map((edge) => x(low + ((high - low) * edge) / BINS)) as [number, number];
      const height = (share / most) * reach;
      return share > 0 ? `M${left.toFixed(1)} ${middle}v${(up * height).toFixed(1)}H${(right - 0.6).toFixed(1)}V${middle}Z` : "";
    });
    chart.append(s("path", { class: `bars ${side}`, d: bars.join("") }));
    const median = summary(series[side].values)?.quantiles[2];
    if (median !== undefined) {
      chart.append(s("path", { class: `median ${side}`, d: `M${x(median).toFixed(1)} ${middle}v${(up * reach).toFixed(1)}` }));
    }
    chart.append(s("text", { class: "side", x: MARGIN.left - 6, y: middle + up * 12 + 4, "text-anchor": "end" }, side));
  });
  chart.append(s("path", { class: "axis-line", d: `M${MARGIN.left} ${middle}H${size.width - MARGIN.right}` }));
  const labels = ticks(low, high, Math.max(2, Math.floor(size.width / 110)));
  for (const value of labels) {
    chart.append(s("text", { x: x(value).toFixed(1), y: size.height - 5, "text-anchor": "middle" }, short(value)));
  }
  return chart;
}

/** The share of a side's values in each bin. */
function binned(values: Float64Array, x: Scale): number[] {
  const shares = new Array<number>(BINS).fill(0);
  const there = values.filter((value) => !Number.isNaN(value));
  for (const value of there) {
    const bin = Math.floor(((value - x.low) / (x.high - x.low)) * BINS);
    const within = Math.min(Math.max(bin, 0), BINS - 1);
    shares[within] = (shares[within] ?? 0) + 1 / there.length;
  }
  return shares;
}

function textOf(series: Series): string {
  const side = (name: "baseline" | "canary"): string => {
    const found = summary(series[name].values);
    return found ? `${name} ${found.count} values, median ${short(found.quantiles[2]!)}` : `${name} without values`;
  };
  return `Distributions of the values: ${side("baseline")}; ${side("canary")}. The numbers stand in the table beside it.`;
}
