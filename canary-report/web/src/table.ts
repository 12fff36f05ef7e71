// The table of metrics. Only the rows that can be seen are in the page.

import { byId, h, longName, say } from "./dom";
import { STATE_CHOICES, columnsOf, rowsOf, sortOf, type Column } from "./filter";
import { at } from "./list";
import type { Address, Key, Place } from "./place";
import { hashOf } from "./place";
import type { Rows } from "./rows";

/** Rows beyond the seen ones on either side, so that a step of scrolling shows no gap. */
const AHEAD = 12;
/** On paper every row is there, up to so many. */
const PRINTED = 3000;
const NARROW = "(max-width: 760px)";

export class Table {
  readonly #rows: Rows;
  readonly #address: Address;
  readonly #columns: Column[];
  readonly #panel = byId("panel-table");
  readonly #search = h("input", { type: "search", id: "search", placeholder: "Search metrics", autocomplete: "off" });
  readonly #selects: Partial<Record<Key, HTMLSelectElement>> = {};
  readonly #set = h("span", { class: "set" });
  readonly #count = h("span", { class: "count", role: "status" });
  readonly #heads: HTMLTableCellElement[] = [];
  readonly #body = h("tbody");
  readonly #before = spacer();
  readonly #after = spacer();
  readonly #table: HTMLTableElement;
  readonly #drawn = new Map<number, HTMLTableRowElement>();
  #place: Place = {};
  #shown: number[] = [];
  #isPrinting = false;

  constructor(rows: Rows, address: Address) {
    this.#rows = rows;
    this.#address = address;
    this.#columns = columnsOf(rows);
    this.#table = h("table", { class: "rows", role: "table" }, this.#head(), this.#body);
    this.#panel.append(this.#bar(), this.#table);
    this.#body.append(this.#before, this.#after);
    addEventListener("scroll", () => this.#draw(), { passive: true });
    addEventListener("resize", () => this.#draw());
    matchMedia(NARROW).addEventListener("change", () => this.#redraw());
    addEventListener("beforeprint", () => this.#print(true));
    addEventListener("afterprint", () => this.#print(false));
    this.#body.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The rows as they are listed now, for those who leaf through them. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  show(place: Place): void {
    this.#place = place;
    this.#shown = rowsOf(this.#rows, this.#columns, place);
    if (document.activeElement !== this.#search) this.#search.value = place.q ?? "";
    for (const [key, select] of Object.entries(this.#selects)) select.value = place[key as Key] ?? "";
    this.#showHeads();
    this.#showSet();
    const text = `${this.#shown.length} of ${this.#rows.count} rows`;
    this.#count.textContent = this.#shown.length === 0 ? "No metric matches" : text;
    this.#table.setAttribute("aria-rowcount", String(this.#shown.length + 1));
    this.#table.setAttribute("aria-label", `Metrics: ${place.tab ?? "all"}`);
    const state = this.#selects.state?.closest("label");
    if (state) state.hidden = place.tab !== "details";
    this.#redraw();
  }

  #change(change: Place): void {
    const place: Place = { ...this.#place, ...change };
    for (const key of Object.keys(change) as Key[]) if (place[key] === "") delete place[key];
    delete place.metric;
    this.#address.change(place);
  }

  #bar(): HTMLElement {
    let wait = 0;
    this.#search.addEventListener("input", () => {
      clearTimeout(wait);
      wait = window.setTimeout(() => this.#change({ q: this.#search.value }), 120);
    });
    const rows = this.#rows;
    const regions = rows.rawRegions().map((raw, index): [string, string] => [raw, rows.region(index)]);
    const groups = rows.rawGroups().map((raw, index): [string, string] => [raw, rows.group(index)]);
    const sorts = this.#columns.flatMap(({ key, label }): [string, string][] => [
      [key, `${label}, up`],
      [`-${key}`, `${label}, down`],
    ]);
    return h(
      "div",
      { class: "bar filters", role: "search" },
      h("label", {}, h("span", { class: "unseen" }, "Search metrics"), this.#search),
      rows.rawRegions().length > 1 ? this.#select("region", "Region", "all", regions) : null,
      this.#select("group", "Group", "all", groups),
      this.#select("state", "State", "any", STATE_CHOICES.map((state) => [state, state])),
      this.#select("sort", "Sort", "importance", sorts),
      this.#set,
      this.#count,
    );
  }

  #select(key: Key, label: string, none: string, choices: [string, string][]): HTMLElement {
    const select = h(
      "select",
      // Without it the choices would be part of the name.
      { "aria-label": label },
      h("option", { value: "" }, none),
      ...choices.map(([value, text]) => h("option", { value }, text)),
    );
    this.#selects[key] = select;
    // An empty name and no choice have the same value.
    select.addEventListener("change", () => this.#change({ [key]: select.selectedIndex === 0 ? "" : select.value }));
    return h("label", { class: `choose-${key}` }, `${label} `, select);
  }

  #head(): HTMLElement {
    const cells = this.#columns.map((column) => {
      const button = h("button", { type: "button" }, column.label);
      button.addEventListener("click", () => this.#sortBy(column));
      const cell = h("th", { scope: "col", role: "columnheader", class: cellClass(column) }, button);
      this.#heads.push(cell);
      return cell;
    });
    return h("thead", { role: "rowgroup" }, h("tr", { role: "row", "aria-rowindex": 1 }, ...cells));
  }

  /** Numbers the largest first, names from A; then the other way; then by importance again. */
  #sortBy(column: Column): void {
    const [first, second] = column.isNumber ? [`-${column.key}`, column.key] : [column.key, `-${column.key}`];
    const next = this.#place.sort === first ? second : this.#place.sort === second ? "" : first;
    this.#change({ sort: next });
    say(next === "" ? "Sorted by importance" : `Sorted by ${column.label}, ${next.startsWith("-") ? "down" : "up"}`);
  }

  #showHeads(): void {
    const sort = sortOf(this.#place.sort);
    this.#columns.forEach(({ key }, index) => {
      const head = at(this.#heads, index);
      if (sort?.key === key) head.setAttribute("aria-sort", sort.isDescending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  #showSet(): void {
    const set = this.#rows.sets.find(({ id }) => id === this.#place.set);
    this.#set.replaceChildren();
    if (!set) return;
    const clear = h("button", { type: "button", "aria-label": "Show all metrics again" }, "×");
    clear.addEventListener("click", () => this.#change({ set: "" }));
    this.#set.append(h("bdi", {}, set.title), " ", clear);
  }

  #redraw(): void {
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.#draw();
  }

  #rowHeight(): number {
    return matchMedia(NARROW).matches ? 60 : 30;
  }

  /** Puts the rows in sight into the page, and takes the others out; one with the focus stays. */
  #draw(): void {
    if (this.#panel.hidden) return;
    const height = this.#rowHeight();
    const top = this.#body.getBoundingClientRect().top;
    const length = this.#shown.length;
    const isAll = this.#isPrinting;
    const first = isAll ? 0 : clamp(Math.floor(-top / height) - AHEAD, 0, Math.max(0, length - 1));
    const last = isAll ? Math.min(length, PRINTED) : clamp(Math.ceil((innerHeight - top) / height) + AHEAD, first, length);
    for (const [index, row] of this.#drawn) {
      if ((index < first || index >= last) && !row.contains(document.activeElement)) {
        row.remove();
        this.#drawn.delete(index);
      }
    }
    let anchor: Element = this.#after;
    for (let index = last - 1; index >= first; index -= 1) {
      let row = this.#drawn.get(index);
      if (!row) {
        row = this.#row(index);
        this.#drawn.set(index, row);
        anchor.before(row);
      }
      anchor = row;
    }
    // A row that keeps the focus out of sight takes its own height from the space around.
    const kept = [...this.#drawn.keys()];
    const above = kept.filter((index) => index < first).length;
    const below = kept.filter((index) => index >= last).length;
    setHeight(this.#before, isAll ? 0 : Math.max(0, first - above) * height);
    setHeight(this.#after, isAll ? 0 : Math.max(0, length - last - below) * height);
  }

  #row(index: number): HTMLTableRowElement {
    const row = at(this.#shown, index);
    const cells = this.#columns.map((column) => {
      const attributes = { role: column.key === "name" ? "rowheader" : "cell", class: cellClass(column) };
      if (column.key === "state") return h("td", attributes, this.#badge(row));
      if (column.key === "name") return h("th", { ...attributes, scope: "row" }, this.#link(row));
      const text = column.text(row);
      return h("td", attributes, column.isNumber ? text : h("bdi", { title: text }, text));
    });
    return h("tr", { role: "row", "aria-rowindex": index + 2, "data-index": index }, ...cells);
  }

  #badge(row: number): HTMLElement {
    const rows = this.#rows;
    const words = rows.stateWords(row);
    return h(
      "span",
      { class: "badge", title: words },
      h("i", { class: rows.look(row), "aria-hidden": "true" }),
      rows.state(row),
      h("span", { class: "unseen" }, words.slice(rows.state(row).length)),
    );
  }

  #link(row: number): HTMLElement {
    const name = this.#rows.name(this.#rows.cell(row));
    return h("a", { href: hashOf(placeOfRow(this.#rows, row)), "aria-label": name }, longName(name));
  }

  /** Up and down lead from row to row, also to those that are not in the page yet. */
  #key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest("tr");
    const PAGE = 15;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (!row || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#focus(clamp(Number(row.dataset["index"]) + step, 0, this.#shown.length - 1));
  }

  #focus(index: number): void {
    const height = this.#rowHeight();
    const top = this.#body.getBoundingClientRect().top + scrollY + index * height;
    const head = 120;
    if (top < scrollY + head) scrollTo({ top: top - head });
    else if (top + height > scrollY + innerHeight) scrollTo({ top: top + height - innerHeight + 8 });
    this.#draw();
    this.#drawn.get(index)?.querySelector("a")?.focus({ preventScroll: true });
  }

  #print(isPrinting: boolean): void {
    this.#isPrinting = isPrinting;
    this.#draw();
  }
}

/** The address of a row's metric. */
export function placeOfRow(rows: Rows, row: number): Place {
  const metric = rows.rawName(rows.cell(row));
  return rows.hasRegions ? { metric, region: at(rows.rawRegions(), rows.regionIndex(row)) } : { metric };
}

function cellClass(column: Column): string {
  return `col-${column.key}${column.isNumber ? " num" : ""}`;
}

function spacer(): HTMLTableRowElement {
  return h("tr", { class: "spacer", "aria-hidden": "true" });
}

function setHeight(row: HTMLTableRowElement, height: number): void {
  row.style.height = `${height}px`;
  row.hidden = height === 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
