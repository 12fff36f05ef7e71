// Which rows a table shows, and in which order.

import { at } from "./list";
import { sortable } from "./number";
import type { Place } from "./place";
import type { Rows } from "./rows";

/** A column that can be sorted by. */
export interface Column {
  key: string;
  label: string;
  isNumber: boolean;
  text(row: number): string;
  /** What it is sorted by. */
  order(row: number): number | string;
}

export function columnsOf(rows: Rows): Column[] {
  const c = rows.columns;
  const number = (key: string, label: string, texts: string[]): Column => ({
    key,
    label,
    isNumber: true,
    text: (row) => at(texts, row),
    order: (row) => sortable(at(texts, row)),
  });
  const points = (row: number): [number, number] => at(c.points, row);
  const region: Column = {
    key: "region",
    label: "region",
    isNumber: false,
    text: (row) => rows.region(rows.regionIndex(row)),
    order: (row) => rows.regionIndex(row),
  };
  return [
    { key: "state", label: "state", isNumber: false, text: (row) => rows.state(row), order: (row) => severity(rows, row) },
    {
      key: "name",
      label: "metric",
      isNumber: false,
      text: (row) => rows.name(rows.cell(row)),
      order: (row) => rows.name(rows.cell(row)),
    },
    ...(rows.hasRegions ? [region] : []),
    {
      key: "group",
      label: "group",
      isNumber: false,
      text: (row) => rows.group(at(c.group, row)),
      order: (row) => at(c.group, row),
    },
    number("ratio", "ratio", c.ratio),
    number("interval", "interval", c.interval),
    number("lower", "lower", c.lower),
    number("upper", "upper", c.upper),
    number("baseline", "baseline", c.baseline),
    number("canary", "canary", c.canary),
    {
      key: "points",
      label: "points",
      isNumber: true,
      text: (row) => (points(row)[0] === points(row)[1] ? String(points(row)[0]) : points(row).join(" / ")),
      order: (row) => Math.min(...points(row)),
    },
    number("weight", "weight", c.weight),
  ];
}

/** Hot first, ok last. */
function severity(rows: Rows, row: number): number {
  const order = ["hot", "cold", "nodata", "ok"].indexOf(rows.state(row));
  return order * 4 + (rows.isQuiet(row) ? 1 : 0) + (rows.isUndecided(row) ? 0 : 1);
}

export const STATE_CHOICES = ["hot", "cold", "nodata", "ok", "undecided", "against the canary"] as const;

function hasState(rows: Rows, row: number, state: string): boolean {
  switch (state) {
    case "undecided":
      return rows.isUndecided(row);
    case "against the canary":
      return ["hot", "cold"].includes(rows.state(row)) && !rows.isQuiet(row);
    default:
      return rows.state(row) === state;
  }
}

/** The rows of a place, sorted; in the order of the report where it asks for none. */
export function rowsOf(rows: Rows, columns: readonly Column[], place: Place): number[] {
  const region = place.region === undefined ? -1 : rows.rawRegions().indexOf(place.region);
  const group = place.group === undefined ? -1 : rows.rawGroups().indexOf(place.group);
  const set = rows.sets.find(({ id }) => id === place.set);
  const words = (place.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const tabState = ["hot", "cold", "nodata", "ok"].find((state) => state === place.tab);
  const shown: number[] = [];
  const candidates = set ? [...set.rows].sort((a, b) => a - b) : Array.from({ length: rows.count }, (_, row) => row);
  for (const row of candidates) {
    if (tabState !== undefined && rows.state(row) !== tabState) continue;
    if (place.state !== undefined && !hasState(rows, row, place.state)) continue;
    if (place.region !== undefined && rows.regionIndex(row) !== region) continue;
    if (place.group !== undefined && at(rows.columns.group, row) !== group) continue;
    if (words.length > 0) {
      const name = rows.name(rows.cell(row)).toLowerCase();
      if (!words.every((word) => name.includes(word))) continue;
    }
    shown.push(row);
  }
  return sorted(shown, columns, place.sort);
}

/** A column's key, and which way: `-ratio` is the largest first. */
export function sortOf(text: string | undefined): { key: string; isDescending: boolean } | null {
  if (text === undefined || text === "") return null;
  return { key: text.replace(/^-/, ""), isDescending: text.startsWith("-") };
}

function sorted(shown: number[], columns: readonly Column[], sort: string | undefined): number[] {
  const by = sortOf(sort);
  const column = columns.find(({ key }) => key === by?.key);
  if (!by || !column) return shown;
  const keyed = shown.map((row) => ({ row, order: column.order(row) }));
  const way = by.isDescending ? -1 : 1;
  keyed.sort((a, b) => compared(a.order, b.order, way) || a.row - b.row);
  return keyed.map(({ row }) => row);
}

/** What has no number comes last, whichever way. */
function compared(a: number | string, b: number | string, way: number): number {
  if (typeof a === "string" || typeof b === "string") return way * (a < b ? -1 : a > b ? 1 : 0);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : way * (a < b ? -1 : 1);
}
