// Elements from code. Text becomes text nodes only: no name can become markup.

export type Child = Node | string | number | null | false | undefined;

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Record<string, string | number | boolean | null | undefined>;

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined).map(node));
  return element;
}

function node(child: Child): Node {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** The element with an id that the template writes. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element #${id}`);
  return element as E;
}

/** Tells a screen reader something that a sighted reader sees. */
export function say(text: string): void {
  byId("said").textContent = text;
}

/** A name that may be long: its middle gives way, its end stays. The whole of it is in the title; a link to it needs a
 * label, since its parts are boxes of their own. */
export function longName(name: string): HTMLElement {
  const TAIL = 18;
  const characters = Array.from(name);
  const cut = Math.max(0, characters.length - TAIL);
  return h(
    "bdi",
    { class: "long", title: name },
    h("span", { class: "start" }, characters.slice(0, cut).join("")),
    h("span", { class: "end" }, characters.slice(cut).join("")),
  );
}

/** A button that copies a text. */
export function copyButton(text: () => string, label = "Copy"): HTMLButtonElement {
  const button = h("button", { type: "button", class: "copy" }, label);
  button.addEventListener("click", () => void copy(text(), button, label));
  return button;
}

async function copy(text: string, button: HTMLButtonElement, label: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // From a file, or without the permission: the older way.
    const area = h("textarea", { class: "unseen", "aria-hidden": true });
    area.value = text;
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => (button.textContent = label), 1500);
}
