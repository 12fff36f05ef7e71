// The reasons and series of some metrics, as canary-report/src/html/block.rs writes them.

import { inflated } from "./inflate";
import { at } from "./list";
import type { Rows } from "./rows";

interface Entry {
  topics: [string, string][];
  ratio: number | null;
  interval: [number | null, number | null] | null;
  bounds: [number, number];
  window: string | null;
  values: [number, number];
  bands: [boolean, boolean];
  range: [number, number] | null;
  measured: boolean;
}

export interface Band {
  lower: Float64Array;
  upper: Float64Array;
}

/** One value a tick, NaN where it is missing. */
export interface SideSeries {
  values: Float64Array;
  band: Band | null;
}

export interface Series {
  baseline: SideSeries;
  canary: SideSeries;
}

/** What is said of one metric in one region. */
export interface Result extends Entry {
  series: Series | null;
}

const cache = new Map<number, Promise<Result[]>>();

/** What is said of a row. */
export async function resultOf(rows: Rows, row: number): Promise<Result> {
  const cell = rows.cell(row);
  const { first, before } = rows.blockOf(cell);
  let block = cache.get(first);
  if (!block) {
    block = inflated(`block-${first}`).then(unpacked);
    cache.set(first, block);
  }
  return at(await block, before + at(rows.ofCell, cell).indexOf(row));
}

function unpacked(bytes: Uint8Array<ArrayBuffer>): Result[] {
  const jsonLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const entries = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + jsonLength))) as Entry[];
  const count = entries.reduce((sum, { values }) => sum + values[0] + values[1], 0);
  const planes = bytes.subarray(4 + jsonLength);
  const values = fromPlanes(planes, count);
  let at = 0;
  let bandAt = 3 * count;
  const take = (length: number): Float64Array => values.subarray(at, (at += length));
  const edge = (length: number, range: [number, number]): Float64Array =>
    fromSteps(planes.subarray(bandAt, (bandAt += length)), range);
  return entries.map((entry) => {
    const [baseline, canary] = entry.values;
    if (baseline + canary === 0) return { ...entry, series: null };
    const sides = [take(baseline), take(canary)];
    const [baselineSide, canarySide] = sides.map((side, index): SideSeries => {
      const hasBand = entry.range !== null && entry.bands[index];
      const band = hasBand ? { lower: edge(side.length, entry.range!), upper: edge(side.length, entry.range!) } : null;
      return { values: side, band };
    });
    return { ...entry, series: { baseline: baselineSide!, canary: canarySide! } };
  });
}

/** The first three bytes of each double, a plane each; the others are zero. */
function fromPlanes(planes: Uint8Array, count: number): Float64Array {
  const bytes = new Uint8Array(count * 8);
  for (let index = 0; index < count; index += 1) {
    // Little endian, as every machine with a browser is.
    bytes[index * 8 + 7] = planes[index]!;
    bytes[index * 8 + 6] = planes[count + index]!;
    bytes[index * 8 + 5] = planes[2 * count + index]!;
  }
  return new Float64Array(bytes.buffer);
}

function fromSteps(steps: Uint8Array, [low, high]: [number, number]): Float64Array {
  const STEPS = 254;
  const MISSING = 255;
  return Float64Array.from(steps, (step) => (step === MISSING ? NaN : low + (step / STEPS) * (high - low)));
}
