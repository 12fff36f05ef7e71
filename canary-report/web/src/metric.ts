// One metric: why it is what it is, its charts, its regions, its numbers.

import { resultOf, type Result } from "./block";
import { smallChart } from "./chart/small";
import { charts } from "./charts";
import { byId, copyButton, h } from "./dom";
import { at } from "./list";
import { kept } from "./number";
import type { Address, Place } from "./place";
import type { Rows } from "./rows";
import { placeOfRow } from "./table";
import { Clock } from "./time";

/** Why there is nothing to see over time. */
function withoutSeries({ measured }: Result): (string | HTMLElement)[] {
  if (measured) return ["A test of its own measures it: there is no series."];
  return ["This report holds no series. Make it with ", h("code", {}, "--with-series"), " to see them over time."];
}

export class MetricView {
  readonly #rows: Rows;
  readonly #address: Address;
  readonly #dialog = byId<HTMLDialogElement>("metric");
  readonly #clock: Clock;
  /** The rows that are leafed through, and where a close leads if nothing lies behind. */
  readonly #around: () => { rows: readonly number[]; below: Place };
  #row: number | null = null;

  constructor(rows: Rows, address: Address, around: () => { rows: readonly number[]; below: Place }) {
    this.#rows = rows;
    this.#address = address;
    this.#around = around;
    this.#clock = new Clock(rows.start, rows.stepSeconds);
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#leave();
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#leave();
    });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows the metric of a place, or nothing where it names none. */
  async show(place: Place): Promise<void> {
    if (place.metric === undefined) {
      this.#row = null;
      this.#dialog.close();
      return;
    }
    const row = this.#rows.find(place.metric, place.region);
    if (row === undefined) return this.#showUnknown(place);
    if (row === this.#row && this.#dialog.open) return;
    this.#row = row;
    const rows = this.#rows;
    const regions = at(rows.ofCell, rows.cell(row));
    const results = await Promise.all(regions.map((other) => resultOf(rows, other)));
    // Another one may have been asked for meanwhile.
    if (this.#row !== row) return;
    this.#fill(row, regions, results);
    this.#open();
  }

  #open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }

  #showUnknown(place: Place): void {
    this.#row = null;
    const close = this.#closeButton();
    this.#dialog.replaceChildren(
      h("div", { class: "bar" }, h("h2", { id: "metric-name" }, "No such metric"), close),
      h("p", {}, "This report has no metric ", h("bdi", {}, JSON.stringify(place.metric)), place.region === undefined ? "." : " in that region."),
    );
    this.#open();
  }

  #leave(): void {
    this.#address.back(this.#around().below);
  }

  #closeButton(): HTMLElement {
    const close = h("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => this.#leave());
    return close;
  }

  #key(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, j: 1, k: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#leaf(step);
  }

  #neighbour(step: number): number | undefined {
    const { rows } = this.#around();
    const here = this.#row === null ? -1 : rows.indexOf(this.#row);
    return here < 0 ? undefined : rows[here + step];
  }

  #leaf(step: number): void {
    const next = this.#neighbour(step);
    if (next !== undefined) this.#address.change({ ...placeOfRow(this.#rows, next) });
  }

  #fill(row: number, regions: readonly number[], results: readonly Result[]): void {
    const result = at(results, regions.indexOf(row));
    const [first, ...topics] = result.topics;
    const focused = document.activeElement?.getAttribute("data-keep");
    this.#dialog.replaceChildren(
      this.#head(row),
      first ? h("p", { class: "lead" }, first[1]) : "",
      regions.length > 1 ? this.#regions(row, regions, results) : "",
      h(
        "div",
        { class: "metric-columns" },
        result.series
          ? charts(result, result.series, this.#clock, this.#onset(row))
          : h("p", { class: "charts none" }, ...withoutSeries(result)),
        h("div", { class: "said" }, this.#facts(row), topicList(topics), this.#raw(result)),
      ),
    );
    // Leafing must not lose its place.
    if (focused) this.#dialog.querySelector<HTMLElement>(`[data-keep="${focused}"]`)?.focus();
  }

  #head(row: number): HTMLElement {
    const rows = this.#rows;
    const name = rows.name(rows.cell(row));
    const region = rows.hasRegions ? h("bdi", {}, rows.region(rows.regionIndex(row))) : null;
    const leaf = (step: number, label: string, sign: string): HTMLElement => {
      const button = h("button", { type: "button", "aria-label": label, title: label, "data-keep": label, disabled: this.#neighbour(step) === undefined }, sign);
      button.addEventListener("click", () => this.#leaf(step));
      return button;
    };
    return h(
      "header",
      { class: "bar" },
      h("span", { class: `badge big` }, h("i", { class: rows.look(row), "aria-hidden": "true" }), rows.stateWords(row)),
      h("h2", { id: "metric-name", tabindex: -1, autofocus: true }, h("bdi", {}, name)),
      h("span", { class: "where" }, region, " ", h("bdi", {}, rows.group(at(rows.columns.group, row)))),
      h("span", { class: "leaf" }, copyButton(() => rows.rawName(rows.cell(row)), "Copy name"), leaf(-1, "Previous metric", "←"), leaf(1, "Next metric", "→"), this.#closeButton()),
    );
  }

  /** The same metric in each region, the worst marked. */
  #regions(row: number, regions: readonly number[], results: readonly Result[]): HTMLElement {
    const rows = this.#rows;
    const cards = regions.map((other, index) => {
      const series = at(results, index).series;
      const button = h(
        "button",
        { type: "button", class: "region", "aria-pressed": String(other === row), "data-keep": `region-${index}` },
        h("span", { class: "badge" }, h("i", { class: rows.look(other), "aria-hidden": "true" }), h("bdi", {}, rows.region(rows.regionIndex(other))), rows.isWorst(other) ? h("b", {}, "worst") : null),
        series ? smallChart(series) : null,
        h("span", { class: "num" }, `${rows.stateWords(other)}  ${at(rows.columns.ratio, other)} ${at(rows.columns.interval, other)}`),
      );
      button.addEventListener("click", () => this.#address.change(placeOfRow(rows, other)));
      return button;
    });
    return h("div", { class: "regions", role: "group", "aria-label": "The same metric in each region" }, ...cards);
  }

  #facts(row: number): HTMLElement {
    const c = this.#rows.columns;
    const fact = (label: string, text: string): HTMLElement => h("div", {}, h("dt", {}, label), h("dd", { class: "num" }, text));
    return h(
      "dl",
      { class: "facts tight" },
      fact("ratio", at(c.ratio, row)),
      fact("interval", at(c.interval, row)),
      fact("bounds", `${at(c.lower, row)} to ${at(c.upper, row)}`),
      fact("baseline", at(c.baseline, row)),
      fact("canary", at(c.canary, row)),
      fact("points", at(c.points, row).join(" / ")),
      fact("weight", at(c.weight, row)),
    );
  }

  #onset(row: number): number | null {
    for (const set of this.#rows.sets) {
      const index = set.rows.indexOf(row);
      const onset = index < 0 ? undefined : set.onsets[index];
      if (onset !== undefined) return onset;
    }
    return null;
  }

  #raw(result: Result): HTMLElement | null {
    const { series } = result;
    if (!series) return null;
    const text = (): string => rawNumbers(series, this.#clock);
    const area = h("textarea", { readonly: true, rows: 12, spellcheck: "false", "aria-label": "Raw numbers, tab separated" });
    const details = h(
      "details",
      { class: "raw" },
      h("summary", {}, "Raw numbers"),
      h("p", { class: "hint" }, `As the report keeps them, with ${this.#rows.precision}.`),
      copyButton(text, "Copy as tab-separated text"),
      area,
    );
    details.addEventListener("toggle", () => {
      if (details.open) area.value = text();
    });
    return details;
  }
}

function topicList(topics: readonly [string, string][]): HTMLElement {
  return h("dl", { class: "topics" }, ...topics.map(([topic, text]) => h("div", {}, h("dt", {}, topic), h("dd", {}, h("bdi", {}, text)))));
}

/** One line a tick: time, baseline, canary, and the bands' edges where there are some. */
export function rawNumbers(series: NonNullable<Result["series"]>, clock: Clock): string {
  const { baseline, canary } = series;
  const columns: [string, Float64Array][] = [
    ["baseline", baseline.values],
    ["canary", canary.values],
    ...edges("baseline", baseline.band),
    ...edges("canary", canary.band),
  ];
  const count = Math.max(baseline.values.length, canary.values.length);
  const lines = Array.from({ length: count }, (_, tick) => [clock.stamp(tick), ...columns.map(([, values]) => kept(values[tick] ?? NaN))].join("\t"));
  return [["time", ...columns.map(([name]) => name)].join("\t"), ...lines, ""].join("\n");
}

function edges(side: string, band: { lower: Float64Array; upper: Float64Array } | null): [string, Float64Array][] {
  return band ? [[`${side}_lower`, band.lower], [`${side}_upper`, band.upper]] : [];
}
