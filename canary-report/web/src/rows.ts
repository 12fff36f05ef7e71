// The rows of the report, as canary-report/src/html/rows.rs writes them.

import { inflated } from "./inflate";
import { at } from "./list";

interface Names {
  raw: string[];
  shown: Record<number, string>;
}

/** Rows that belong together: a finding, or what tips the verdict. */
export interface RowSet {
  id: string;
  title: string;
  rows: number[];
  onsets: number[];
}

interface Written {
  precision: string;
  start: string | null;
  step_seconds: number | null;
  has_regions: boolean;
  regions: Names;
  groups: Names;
  names: Names;
  worst: number[];
  blocks: number[];
  sets: RowSet[];
  columns: {
    cell: number[];
    region: number[];
    group: number[];
    look: string[];
    reason: string[];
    ratio: string[];
    interval: string[];
    lower: string[];
    upper: string[];
    baseline: string[];
    canary: string[];
    points: [number, number][];
    weight: string[];
  };
}

export type State = "hot" | "cold" | "ok" | "nodata";

const STATES: Record<string, State> = { h: "hot", c: "cold", o: "ok", n: "nodata" };

/** All rows, in the order of the report; cells are metrics in the order of the grid. */
export class Rows {
  readonly count: number;
  readonly cells: number;
  /** The rows of each cell, by region. */
  readonly ofCell: readonly (readonly number[])[];
  readonly #written: Written;
  readonly #cellOfName: Map<string, number>;

  constructor(written: Written) {
    this.#written = written;
    this.count = written.columns.cell.length;
    this.cells = written.names.raw.length;
    const ofCell: number[][] = written.names.raw.map(() => []);
    written.columns.cell.forEach((cell, row) => at(ofCell, cell).push(row));
    for (const rows of ofCell) rows.sort((a, b) => this.regionIndex(a) - this.regionIndex(b));
    this.ofCell = ofCell;
    this.#cellOfName = new Map(written.names.raw.map((name, cell) => [name, cell]));
  }

  static async read(): Promise<Rows> {
    return new Rows(JSON.parse(new TextDecoder().decode(await inflated("rows"))) as Written);
  }

  get columns(): Written["columns"] {
    return this.#written.columns;
  }
  get sets(): readonly RowSet[] {
    return this.#written.sets;
  }
  get hasRegions(): boolean {
    return this.#written.has_regions;
  }
  /** How exact the values of the series are, in words. */
  get precision(): string {
    return this.#written.precision;
  }
  get start(): string | null {
    return this.#written.start;
  }
  get stepSeconds(): number | null {
    return this.#written.step_seconds;
  }

  cell(row: number): number {
    return at(this.columns.cell, row);
  }
  /** The row that a cell shows: of the worst region, or of the one with this index; none where it is not there. */
  shownIn(cell: number, region: number | null): number | undefined {
    if (region === null) return at(this.#written.worst, cell);
    return at(this.ofCell, cell).find((row) => this.regionIndex(row) === region);
  }
  isWorst(row: number): boolean {
    return at(this.#written.worst, this.cell(row)) === row;
  }
  name(cell: number): string {
    return shown(this.#written.names, cell);
  }
  rawName(cell: number): string {
    return at(this.#written.names.raw, cell);
  }
  regionIndex(row: number): number {
    return at(this.columns.region, row);
  }
  region(index: number): string {
    return shown(this.#written.regions, index);
  }
  rawRegions(): readonly string[] {
    return this.#written.regions.raw;
  }
  group(index: number): string {
    return shown(this.#written.groups, index);
  }
  rawGroups(): readonly string[] {
    return this.#written.groups.raw;
  }
  look(row: number): string {
    return at(this.columns.look, row);
  }
  state(row: number): State {
    return STATES[this.look(row).charAt(0)] ?? "nodata";
  }
  isUndecided(row: number): boolean {
    return this.look(row).includes(" u");
  }
  isQuiet(row: number): boolean {
    return this.look(row).includes(" q");
  }
  isCritical(row: number): boolean {
    return this.look(row).includes(" k");
  }

  /** The row of a metric by its names; of the worst region where the region is left out. */
  find(name: string, region: string | undefined): number | undefined {
    const cell = this.#cellOfName.get(name);
    if (cell === undefined) return undefined;
    if (region === undefined) return at(this.#written.worst, cell);
    const index = this.#written.regions.raw.indexOf(region);
    return this.shownIn(cell, index);
  }

  /** The block that holds a cell, and the number of results before the cell's first in it. */
  blockOf(cell: number): { first: number; before: number } {
    const blocks = this.#written.blocks;
    let low = 0;
    let high = blocks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (at(blocks, middle) <= cell) low = middle;
      else high = middle;
    }
    const first = at(blocks, low);
    let before = 0;
    for (let index = first; index < cell; index += 1) before += at(this.ofCell, index).length;
    return { first, before };
  }

  /** State, and what qualifies it, in words. */
  stateWords(row: number): string {
    const words: string[] = [this.state(row)];
    if (this.isUndecided(row)) words.push("undecided");
    if (this.isQuiet(row)) words.push("not held against the canary");
    if (this.isCritical(row)) words.push("critical");
    return words.join(", ");
  }
}

function shown(names: Names, index: number): string {
  return names.shown[index] ?? at(names.raw, index);
}
