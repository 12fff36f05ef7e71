// What every chart has: its size, its axes, its text for those who do not see it.

import { s } from "../dom";
import { short } from "../number";
import type { Clock } from "../time";
import type { Scale } from "./scale";

export const MARGIN = { left: 58, right: 10, top: 8, bottom: 20 } as const;

export interface Size {
  width: number;
  height: number;
}

/** An SVG that says in words what it shows. */
export function frame({ width, height }: Size, kind: string, text: string): SVGSVGElement {
  return s("svg", {
    class: `chart ${kind}`,
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": text,
  });
}

/** Labels and lines across at some values. */
export function valueAxis({ width }: Size, y: Scale, values: readonly number[]): SVGGElement {
  const axis = s("g", { class: "axis" });
  for (const value of values) {
    const place = y(value);
    axis.append(
      s("path", { d: `M${MARGIN.left} ${place.toFixed(1)}H${width - MARGIN.right}` }),
      s("text", { x: MARGIN.left - 6, y: (place + 3.5).toFixed(1), "text-anchor": "end" }, short(value)),
    );
  }
  return axis;
}

/** Labels below at round times. */
export function timeAxis({ width, height }: Size, x: Scale, clock: Clock): SVGGElement {
  const axis = s("g", { class: "axis" });
  const LABEL_WIDTH = 70;
  const limit = Math.max(2, Math.floor((width - MARGIN.left) / LABEL_WIDTH));
  for (const { tick, label } of clock.ticks(x.low, x.high, limit)) {
    const place = x(tick).toFixed(1);
    axis.append(
      s("path", { d: `M${place} ${height - MARGIN.bottom}v4` }),
      s("text", { x: place, y: height - 5, "text-anchor": "middle" }, label),
    );
  }
  return axis;
}
