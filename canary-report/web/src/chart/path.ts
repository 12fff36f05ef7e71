// Series as the paths of an SVG.

import type { Band } from "../block";
import type { Scale } from "./scale";

/** Where each tick has more than so many to share a pixel with, its least and its greatest stand for them. */
const PER_PIXEL = 2;

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A line through the values. It breaks where one is missing; a lone value is a dot. */
export function linePath(values: Float64Array, x: Scale, y: Scale): string {
  const width = Math.abs(x(x.high) - x(x.low));
  const step = Math.floor(values.length / width / PER_PIXEL);
  return step > 1 ? columnsPath(values, x, y, step * PER_PIXEL) : everyPath(values, x, y);
}

function everyPath(values: Float64Array, x: Scale, y: Scale): string {
  let path = "";
  let isOpen = false;
  values.forEach((value, tick) => {
    if (Number.isNaN(value)) {
      isOpen = false;
      return;
    }
    const isAlone = !isOpen && Number.isNaN(values[tick + 1] ?? NaN);
    path += `${isOpen ? "L" : "M"}${round(x(tick))} ${round(y(value))}${isAlone ? "h0" : ""}`;
    isOpen = true;
  });
  return path;
}

function columnsPath(values: Float64Array, x: Scale, y: Scale, step: number): string {
  let path = "";
  let isOpen = false;
  for (let first = 0; first < values.length; first += step) {
    let low = Infinity;
    let high = -Infinity;
    for (const value of values.subarray(first, first + step)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) {
      isOpen = false;
      continue;
    }
    path += `${isOpen ? "L" : "M"}${round(x(first))} ${round(y(low))}V${round(y(high))}`;
    isOpen = true;
  }
  return path;
}

/** The area between the edges of a band, run by run. */
export function bandPath(band: Band, x: Scale, y: Scale): string {
  let path = "";
  let first = -1;
  const edge = (values: Float64Array, tick: number): string => `${round(x(tick))} ${round(y(values[tick]!))}`;
  for (let tick = 0; tick <= band.lower.length; tick += 1) {
    const isThere = tick < band.lower.length && !Number.isNaN(band.lower[tick]!) && !Number.isNaN(band.upper[tick]!);
    if (isThere && first < 0) first = tick;
    if (isThere || first < 0) continue;
    path += `M${edge(band.lower, first)}`;
    for (let index = first + 1; index < tick; index += 1) path += `L${edge(band.lower, index)}`;
    for (let index = tick - 1; index >= first; index -= 1) path += `L${edge(band.upper, index)}`;
    path += "Z";
    first = -1;
  }
  return path;
}
