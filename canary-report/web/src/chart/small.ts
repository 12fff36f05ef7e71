// Both sides over time, as small as a word.

import type { Series } from "../block";
import { s } from "../dom";
import { linePath } from "./path";
import { extent, linear, padded } from "./scale";

const WIDTH = 150;
const HEIGHT = 36;

export function smallChart(series: Series): SVGSVGElement {
  const count = Math.max(series.baseline.values.length, series.canary.values.length);
  const x = linear(0, Math.max(1, count - 1), 1, WIDTH - 1);
  const y = linear(...padded(extent(series.baseline.values, series.canary.values) ?? [0, 1]), HEIGHT - 1, 1);
  return s(
    "svg",
    { class: "chart small", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true" },
    s("path", { class: "line baseline", d: linePath(series.baseline.values, x, y) }),
    s("path", { class: "line canary", d: linePath(series.canary.values, x, y) }),
  );
}
