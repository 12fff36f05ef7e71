// Numbers that are read off a chart.

/** Four significant digits; whole numbers of up to six digits as they are. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-";
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4) return value.toExponential(3);
  return value.toPrecision(4).includes("e") ? String(Math.round(value)) : value.toPrecision(4);
}

/** A kept number in all of its digits: the shortest text that no other kept number is nearer to. */
export function kept(value: number): string {
  return Number.isNaN(value) ? "" : String(Number(value.toPrecision(6)));
}

/** A text of the report as a number to sort by; what is none comes last. */
export function sortable(text: string): number {
  const match = /-?inf|-?\d[\d.]*(e[+-]?\d+)?/.exec(text);
  if (!match) return NaN;
  return match[0].endsWith("inf") ? (match[0].startsWith("-") ? -Infinity : Infinity) : Number(match[0]);
}

export interface Summary {
  count: number;
  mean: number;
  /** At 5, 25, 50, 75 and 95 %. */
  quantiles: number[];
}

export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** What the values of a side come to; none where there are none. */
export function summary(values: Float64Array): Summary | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return null;
  const mean = sorted.reduce((sum, value) => sum + value / sorted.length, 0);
  return { count: sorted.length, mean, quantiles: QUANTILES.map((share) => quantile(sorted, share)) };
}

/** Linear between the two nearest, as R's default. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low] ?? NaN;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN;
  return below + (place - low) * (above - below);
}
