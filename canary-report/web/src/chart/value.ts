// Baseline and canary over time, in one chart.

import type { Series } from "../block";
import { s } from "../dom";
import { short, summary } from "../number";
import type { Clock } from "../time";
import { MARGIN, frame, timeAxis, valueAxis, type Size } from "./frame";
import { bandPath, linePath } from "./path";
import { extent, linear, padded, ticks, type Scale } from "./scale";

/** The scale of time that the charts of one metric share. */
export function timeScale(series: Series, width: number): Scale {
  const count = Math.max(series.baseline.values.length, series.canary.values.length);
  return linear(0, Math.max(1, count - 1), MARGIN.left, width - MARGIN.right);
}

export function valueChart(series: Series, clock: Clock, size: Size, onset: number | null): SVGSVGElement {
  const x = timeScale(series, size.width);
  const y = valueScale(series, size);
  const chart = frame(size, "values", textOf(series, clock));
  chart.append(valueAxis(size, y, ticks(y.low, y.high, 4)), timeAxis(size, x, clock));
  for (const side of ["baseline", "canary"] as const) {
    const { band } = series[side];
    if (band) chart.append(s("path", { class: `band ${side}`, d: bandPath(band, x, y) }));
  }
  for (const side of ["baseline", "canary"] as const) {
    chart.append(s("path", { class: `line ${side}`, d: linePath(series[side].values, x, y) }));
  }
  if (onset !== null) chart.append(onsetMark(size, x, onset));
  return chart;
}

function valueScale({ baseline, canary }: Series, { height }: Size): Scale {
  const edges = [baseline.band, canary.band].flatMap((band) => (band ? [band.lower, band.upper] : []));
  const range = padded(extent(baseline.values, canary.values, ...edges) ?? [0, 1]);
  return linear(...range, height - MARGIN.bottom, MARGIN.top);
}

/** Where the finding that the metric belongs to saw it move. */
export function onsetMark({ height }: Size, x: Scale, onset: number): SVGGElement {
  const place = x(onset);
  const isRight = place > x(x.high) - 60;
  return s(
    "g",
    { class: "onset" },
    s("path", { d: `M${place.toFixed(1)} ${MARGIN.top}V${height - MARGIN.bottom}` }),
    s("text", { x: place + (isRight ? -4 : 4), y: MARGIN.top + 9, "text-anchor": isRight ? "end" : "start" }, "moved"),
  );
}

function textOf(series: Series, clock: Clock): string {
  const side = (name: "baseline" | "canary"): string => {
    const found = summary(series[name].values);
    if (!found) return `${name} without values`;
    const [low, , middle, , high] = found.quantiles;
    return `${name} median ${short(middle!)}, 5 to 95 % of the time ${short(low!)} to ${short(high!)}`;
  };
  const last = Math.max(series.baseline.values.length, series.canary.values.length) - 1;
  return `Over time, ${clock.text(0)} to ${clock.text(last)}: ${side("baseline")}; ${side("canary")}.`;
}
