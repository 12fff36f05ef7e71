// The ratio of the sides over time, with its bounds and its interval.

import type { Result, Series } from "../block";
import { s } from "../dom";
import { quantile, short } from "../number";
import type { Clock } from "../time";
import { MARGIN, frame, timeAxis, valueAxis, type Size } from "./frame";
import { linePath } from "./path";
import { logarithmic, type Scale } from "./scale";
import { onsetMark, timeScale } from "./value";

/** Canary over baseline, tick by tick; NaN where that is no positive number. */
export function ratiosOf({ baseline, canary }: Series): Float64Array {
  return baseline.values.map((value, tick) => {
    const ratio = (canary.values[tick] ?? NaN) / value;
    return ratio > 0 && Number.isFinite(ratio) ? ratio : NaN;
  });
}

/** The first tick of the part of the run that the interval is about. */
export function windowStart(window: string | null, ratios: Float64Array): number {
  const shares: Record<string, number> = { last_half: 1 / 2, last_quarter: 1 / 4, last_eighth: 1 / 8 };
  const share = shares[window ?? ""];
  if (share === undefined) return window === "end" ? Math.max(0, ratios.length - 1) : 0;
  const pairs = [...ratios.keys()].filter((tick) => !Number.isNaN(ratios[tick]!));
  return pairs[Math.floor(pairs.length * (1 - share))] ?? 0;
}

export function ratioChart(result: Result, series: Series, clock: Clock, size: Size, onset: number | null): SVGSVGElement {
  const ratios = ratiosOf(series);
  const x = timeScale(series, size.width);
  const y = ratioScale(result, ratios, size);
  const [lower, upper] = result.bounds;
  const chart = frame(size, "ratios", textOf(result));
  const left = MARGIN.left;
  const right = size.width - MARGIN.right;
  const [top, bottom] = [y(upper), lower > 0 ? y(lower) : size.height - MARGIN.bottom];
  chart.append(
    s("rect", { class: "allowed", x: left, y: top.toFixed(1), width: right - left, height: (bottom - top).toFixed(1) }),
    valueAxis(size, y, lower > 0 ? [lower, 1, upper] : [1, upper]),
    timeAxis(size, x, clock),
    s("path", { class: "bound", d: `M${left} ${top.toFixed(1)}H${right}${lower > 0 ? `M${left} ${bottom.toFixed(1)}H${right}` : ""}` }),
    s("path", { class: "line ratio", d: linePath(ratios, x, y) }),
  );
  const from = x(windowStart(result.window, ratios));
  const LEAST = 24;
  const begin = Math.min(from, right - LEAST);
  if (result.interval) {
    const low = y(result.interval[0] ?? y.low);
    const high = y(result.interval[1] ?? y.high);
    const height = Math.max(1.5, low - high);
    chart.append(s("rect", { class: "interval", x: begin.toFixed(1), y: high.toFixed(1), width: (right - begin).toFixed(1), height: height.toFixed(1) }));
  }
  if (result.ratio !== null && result.ratio > 0) {
    chart.append(s("path", { class: "estimate", d: `M${begin.toFixed(1)} ${y(result.ratio).toFixed(1)}H${right}` }));
  }
  if (onset !== null) chart.append(onsetMark(size, x, onset));
  return chart;
}

/** Bounds, interval and most of the ticks. The few ticks beyond, and an interval far wider than all else, are cut. */
function ratioScale(result: Result, ratios: Float64Array, { height }: Size): Scale {
  const sorted = ratios.filter((ratio) => !Number.isNaN(ratio)).sort();
  const OUTSIDE = 0.02;
  const told: (number | null)[] = [...result.bounds, result.ratio, 1];
  if (sorted.length > 0) told.push(quantile(sorted, OUTSIDE), quantile(sorted, 1 - OUTSIDE));
  const logs = told.filter((value): value is number => value !== null && value > 0).map(Math.log);
  let low = Math.min(...logs);
  let high = Math.max(...logs);
  const [from, to] = [low - (high - low), high + (high - low)];
  for (const end of result.interval ?? []) {
    if (end === null || end <= 0) continue;
    low = Math.min(low, Math.max(from, Math.log(end)));
    high = Math.max(high, Math.min(to, Math.log(end)));
  }
  const room = Math.max((high - low) * 0.1, 0.01);
  return logarithmic(Math.exp(low - room), Math.exp(high + room), height - MARGIN.bottom, MARGIN.top);
}

function textOf({ ratio, interval, bounds, window }: Result): string {
  const end = (value: number | null, open: string): string => (value === null ? open : short(value));
  const parts = [
    `Ratio of canary to baseline over time, on a logarithmic scale, with bounds ${short(bounds[0])} to ${short(bounds[1])}.`,
    ratio === null ? "" : `Over the ${window === null || window === "full" ? "run" : window.replace("_", " ")}: ${short(ratio)}.`,
    interval ? `Interval ${end(interval[0], "unbounded")} to ${end(interval[1], "unbounded")}.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}
