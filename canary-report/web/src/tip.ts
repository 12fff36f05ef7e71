// What is said of a cell while the pointer or the focus is on it.

import { byId, h } from "./dom";
import { at } from "./list";
import type { Rows } from "./rows";

const GAP = 10;

/** Shows what a row is, beside a box. */
export function showTip(rows: Rows, row: number, beside: DOMRect): void {
  const tip = byId("tip");
  const { ratio, interval, lower, upper, reason } = rows.columns;
  const region = rows.hasRegions ? h("p", {}, h("bdi", {}, rows.region(rows.regionIndex(row)))) : null;
  tip.replaceChildren(
    h("p", { class: "name" }, h("bdi", {}, rows.name(rows.cell(row)))),
    ...(region ? [region] : []),
    h("p", {}, h("i", { class: rows.look(row), "aria-hidden": "true" }), ` ${rows.stateWords(row)}: ${at(reason, row)}`),
    h("p", { class: "num" }, `ratio ${at(ratio, row)}  ${at(interval, row)}`),
    h("p", { class: "num" }, `bounds ${at(lower, row)} to ${at(upper, row)}`),
  );
  tip.hidden = false;
  const width = tip.offsetWidth;
  const height = tip.offsetHeight;
  const left = Math.min(Math.max(GAP, beside.left + beside.width / 2 - width / 2), innerWidth - width - GAP);
  const below = beside.bottom + GAP;
  const top = below + height < innerHeight ? below : Math.max(GAP, beside.top - height - GAP);
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

export function hideTip(): void {
  byId("tip").hidden = true;
}

/** The same in one sentence, for those who do not see it. */
export function tipText(rows: Rows, row: number): string {
  const { ratio, interval, lower, upper } = rows.columns;
  const region = rows.hasRegions ? `, region ${rows.region(rows.regionIndex(row))}` : "";
  const numbers = `ratio ${at(ratio, row)}, interval ${at(interval, row)}, bounds ${at(lower, row)} to ${at(upper, row)}`;
  return `${rows.name(rows.cell(row))}${region}: ${rows.stateWords(row)}, ${numbers}`;
}
