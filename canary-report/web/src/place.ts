// Where the reader is: everything stands in the address, so that a link and the back button lead there again.

/** The keys of an address. */
export const KEYS = ["tab", "metric", "region", "group", "state", "set", "q", "sort", "grid"] as const;
export type Key = (typeof KEYS)[number];
export type Place = Partial<Record<Key, string>>;

export function placeOf(hash: string): Place {
  const place: Place = {};
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key = "", value = ""] = part.split(/=(.*)/s);
    const known = KEYS.find((candidate) => candidate === key);
    if (known) place[known] = decoded(value);
  }
  return place;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll("+", "%20"));
  } catch {
    return value;
  }
}

export function hashOf(place: Place): string {
  const parts = KEYS.filter((key) => place[key] !== undefined);
  return `#${parts.map((key) => `${key}=${encodeURIComponent(place[key] ?? "")}`).join("&")}`;
}

type Listener = (place: Place) => void;

/** The address, and who is told when it changes. */
export class Address {
  readonly #listeners: Listener[] = [];
  /** How many places of this page lie behind the current one. */
  #depth = 0;

  constructor() {
    addEventListener("popstate", () => {
      this.#depth = depthOf(history.state);
      this.tell();
    });
    this.#depth = depthOf(history.state);
  }

  get place(): Place {
    return placeOf(location.hash);
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  tell(): void {
    const place = this.place;
    for (const listener of this.#listeners) listener(place);
  }

  /** To another place; the back button leads here again. */
  go(place: Place): void {
    if (hashOf(place) === location.hash) return this.tell();
    this.#depth += 1;
    history.pushState({ depth: this.#depth }, "", hashOf(place));
    this.tell();
  }

  /** The same place, told otherwise. */
  change(place: Place): void {
    history.replaceState({ depth: this.#depth }, "", hashOf(place));
    this.tell();
  }

  /** Back, or to `otherwise` where the reader came from outside. */
  back(otherwise: Place): void {
    if (this.#depth > 0) history.back();
    else this.change(otherwise);
  }
}

function depthOf(state: unknown): number {
  return typeof state === "object" && state !== null && "depth" in state ? Number(state.depth) : 0;
}
