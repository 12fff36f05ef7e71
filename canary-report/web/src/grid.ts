// The grid: one focus for all cells, moved by the arrow keys.

import { byId, h } from "./dom";
import { at } from "./list";
import type { Address, Place } from "./place";
import type { Rows } from "./rows";
import { hideTip, showTip, tipText } from "./tip";

export class Grid {
  readonly #rows: Rows;
  readonly #address: Address;
  readonly #box = byId("grid");
  readonly #cells: HTMLElement[];
  readonly #indexOf: Map<Element, number>;
  /** The one cell that a screen reader knows of; it stands for whichever has the focus. */
  readonly #current = h("span", { role: "gridcell", id: "current-cell" });
  readonly #choice = byId<HTMLSelectElement>("region");
  /** The region shown; none for the worst of all. */
  #region: number | null = null;
  #at = 0;

  constructor(rows: Rows, address: Address) {
    this.#rows = rows;
    this.#address = address;
    this.#cells = Array.from(this.#box.querySelectorAll<HTMLElement>(".cells > i"));
    this.#indexOf = new Map(this.#cells.map((cell, index) => [cell, index]));
    if (this.#cells.length === 0) return;
    this.#setUpRoles();
    this.#setUpPointer();
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("focus", () => this.#focus(this.#at, this.#box.matches(":focus-visible")));
    this.#box.addEventListener("blur", () => this.#leave());
    this.#setUpRegions();
    this.#setUpFindings();
  }

  show(place: Place): void {
    const index = place.grid === undefined ? -1 : this.#rows.rawRegions().indexOf(place.grid);
    const region = index < 0 ? null : index;
    if (region === this.#region) return;
    this.#region = region;
    this.#choice.value = region === null ? "" : String(region);
    this.#cells.forEach((cell, index) => {
      const row = this.#rows.shownIn(index, region);
      cell.className = row === undefined ? "absent" : this.#rows.look(row);
    });
  }

  #row(cell: number): number | undefined {
    return this.#rows.shownIn(cell, this.#region);
  }

  #setUpRoles(): void {
    const label = this.#box.getAttribute("aria-label") ?? "";
    const help = "Arrow keys move, Enter opens a metric.";
    for (const [name, value] of Object.entries({
      role: "grid",
      tabindex: "0",
      "aria-label": `${label} ${help}`,
      "aria-activedescendant": "current-cell",
    })) {
      this.#box.setAttribute(name, value);
    }
    this.#box.append(h("span", { role: "row", class: "unseen", id: "current-row" }, this.#current));
  }

  #setUpPointer(): void {
    const cellAt = (event: Event): number | undefined => this.#indexOf.get(event.target as Element);
    this.#box.addEventListener("pointerover", (event) => {
      const index = cellAt(event);
      if (index === undefined || event.pointerType === "touch") return hideTip();
      const row = this.#row(index);
      if (row !== undefined) showTip(this.#rows, row, at(this.#cells, index).getBoundingClientRect());
    });
    this.#box.addEventListener("pointerleave", hideTip);
    this.#box.addEventListener("click", (event) => {
      const index = cellAt(event);
      if (index !== undefined) this.#open(index);
    });
  }

  #setUpRegions(): void {
    if (this.#rows.rawRegions().length < 2) return;
    byId("region-choice").hidden = false;
    this.#choice.append(
      h("option", { value: "" }, "the worst of all"),
      ...this.#rows.rawRegions().map((_, index) => h("option", { value: index }, this.#rows.region(index))),
    );
    this.#choice.addEventListener("change", () => {
      const region = this.#choice.value === "" ? undefined : at(this.#rows.rawRegions(), Number(this.#choice.value));
      const { grid: _, ...place } = this.#address.place;
      this.#address.change(region === undefined ? place : { ...place, grid: region });
    });
  }

  /** While a finding is pointed at, its cells stand out. */
  #setUpFindings(): void {
    for (const set of this.#rows.sets) {
      const card = document.getElementById(set.id);
      const mark = (on: boolean): void => {
        this.#box.classList.toggle("marking", on);
        for (const row of set.rows) at(this.#cells, this.#rows.cell(row)).classList.toggle("marked", on);
      };
      for (const [event, on] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]] as const) {
        card?.addEventListener(event, () => mark(on));
      }
    }
  }

  #columns(): number {
    const top = at(this.#cells, 0).offsetTop;
    const next = this.#cells.findIndex((cell) => cell.offsetTop !== top);
    return next < 0 ? this.#cells.length : next;
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const columns = this.#columns();
    const last = this.#cells.length - 1;
    const start = this.#at - (this.#at % columns);
    const PAGE = 5;
    const targets: Record<string, number> = {
      ArrowRight: this.#at + 1,
      ArrowLeft: this.#at - 1,
      ArrowDown: this.#at + columns,
      ArrowUp: this.#at - columns,
      PageDown: this.#at + PAGE * columns,
      PageUp: this.#at - PAGE * columns,
      Home: event.shiftKey ? 0 : start,
      End: event.shiftKey ? last : Math.min(last, start + columns - 1),
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      if (target >= 0 && target <= last) this.#focus(target, true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#open(this.#at);
    } else if (event.key === "Escape") {
      hideTip();
    }
  }

  #focus(index: number, isVisible: boolean): void {
    at(this.#cells, this.#at).classList.remove("current");
    this.#at = index;
    const cell = at(this.#cells, index);
    const row = this.#row(index);
    this.#current.textContent =
      row === undefined ? `${this.#rows.name(index)}: not in this region` : tipText(this.#rows, row);
    if (!isVisible) return;
    cell.classList.add("current");
    cell.scrollIntoView({ block: "nearest" });
    if (row === undefined) hideTip();
    else showTip(this.#rows, row, cell.getBoundingClientRect());
  }

  #leave(): void {
    at(this.#cells, this.#at).classList.remove("current");
    hideTip();
  }

  #open(index: number): void {
    const row = this.#row(index);
    if (row === undefined) return;
    hideTip();
    at(this.#cells, this.#at).classList.remove("current");
    this.#at = index;
    const region = this.#rows.hasRegions ? { region: at(this.#rows.rawRegions(), this.#rows.regionIndex(row)) } : {};
    this.#address.go({ metric: this.#rows.rawName(index), ...region });
  }
}
