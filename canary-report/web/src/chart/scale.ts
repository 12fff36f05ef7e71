// From values to places, and the round numbers between.

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The place of a value. */
  (value: number): number;
}

function scale(low: number, high: number, place: (value: number) => number): Scale {
  return Object.assign(place, { low, high });
}

/** A straight scale from `low` to `high`, on places from `from` to `to`. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const width = high - low || 1;
  return scale(low, high, (value) => from + ((value - low) / width) * (to - from));
}

/** The same in logarithms; both ends above 0. What lies beyond an end is put on it. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const width = Math.log(high / low) || 1;
  const within = (value: number): number => Math.min(Math.max(value, low), high);
  return scale(low, high, (value) => from + (Math.log(within(value) / low) / width) * (to - from));
}

/** Round numbers from `low` to `high`, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const found = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

/** The least and the greatest of some values; NaN and infinities aside. */
export function extent(...lists: (Float64Array | readonly number[])[]): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** A range with room about it. It starts at 0 where the values come near to it. */
export function padded([low, high]: [number, number]): [number, number] {
  if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  const room = (high - low) * 0.06;
  if (low >= 0 && low < 0.4 * high) return [0, high + room];
  if (high <= 0 && high > 0.4 * low) return [low - room, 0];
  return [low - room, high + room];
}
