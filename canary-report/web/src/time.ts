// Ticks as times: UTC as it is written in the report, and the reader's own.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** When each tick is. Without a clock, how long after the start. */
export class Clock {
  readonly #start: number | null;
  readonly #stepMs: number;

  constructor(start: string | null, stepSeconds: number | null) {
    const parsed = start === null ? NaN : Date.parse(start);
    this.#start = Number.isNaN(parsed) ? null : parsed;
    this.#stepMs = (stepSeconds ?? 1) * 1000;
  }

  /** Milliseconds from the epoch, or from the start where there is no clock. */
  ms(tick: number): number {
    return (this.#start ?? 0) + tick * this.#stepMs;
  }

  tickOf(ms: number): number {
    return (ms - (this.#start ?? 0)) / this.#stepMs;
  }

  /** `2026-08-22 10:04 UTC`, or `minute 4`. */
  text(tick: number): string {
    if (this.#start === null) return `minute ${short((tick * this.#stepMs) / MINUTE_MS)}`;
    return utc(this.ms(tick));
  }

  /** The same moment where the reader is; empty without a clock. */
  local(tick: number): string {
    return this.#start === null ? "" : local(this.ms(tick));
  }

  /** For raw numbers: RFC 3339, or the tick. */
  stamp(tick: number): string {
    return this.#start === null ? String(tick) : new Date(this.ms(tick)).toISOString().replace(".000Z", "Z");
  }

  /** The times at which an axis from `first` to `last` is labelled, at most `limit` of them. */
  ticks(first: number, last: number, limit: number): { tick: number; label: string }[] {
    const span = this.ms(last) - this.ms(first);
    const step = STEPS_MS.find((candidate) => span / candidate <= limit) ?? Math.ceil(span / limit / DAY_MS) * DAY_MS;
    const labels = [];
    for (let ms = Math.ceil(this.ms(first) / step) * step; ms <= this.ms(last); ms += step) {
      labels.push({ tick: this.tickOf(ms), label: this.#label(ms, step) });
    }
    return labels;
  }

  #label(ms: number, step: number): string {
    if (this.#start === null) return `${short(ms / MINUTE_MS)} min`;
    const iso = new Date(ms).toISOString();
    if (step >= DAY_MS || ms % DAY_MS === 0) return iso.slice(5, 10);
    return step < MINUTE_MS ? iso.slice(11, 19) : iso.slice(11, 16);
  }
}

const SECOND_MS = 1000;
const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * 60 * MINUTE_MS),
  ...[1, 2, 7].map((days) => days * DAY_MS),
];

function utc(ms: number): string {
  const iso = new Date(ms).toISOString();
  const seconds = iso.slice(16, 19) === ":00" ? "" : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds} UTC`;
}

function local(ms: number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" }).format(ms);
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The reader's own time, on hover, of every moment that stands in the page. */
export function titleTimes(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-at], [data-start]")) {
    const { at, start, end } = element.dataset;
    const moments = [at ?? start, end].filter((moment) => moment !== undefined).map(Date.parse);
    if (moments.every((ms) => !Number.isNaN(ms))) element.title = moments.map(local).join(" to ");
  }
}
