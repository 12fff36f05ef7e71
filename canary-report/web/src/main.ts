// The page: views under tabs, the grid, and a metric over either.

import { byId, copyButton, h } from "./dom";
import { Grid } from "./grid";
import { at } from "./list";
import { MetricView } from "./metric";
import { Address, placeOf, type Place } from "./place";
import { Rows } from "./rows";
import { Table } from "./table";
import { setUpTheme } from "./theme";
import { titleTimes } from "./time";

const TABS = ["summary", "hot", "cold", "nodata", "ok", "details", "groups"] as const;
type Tab = (typeof TABS)[number];

function tabOf(place: Place): Tab {
  return TABS.find((tab) => tab === place.tab) ?? "summary";
}

function panelOf(tab: Tab): string {
  return tab === "summary" || tab === "groups" ? `panel-${tab}` : "panel-table";
}

/** The tabs, with one stop for the Tab key and arrows between them. */
function setUpTabs(address: Address): (tab: Tab) => void {
  const nav = document.querySelector<HTMLElement>("nav.tabs")!;
  const buttons = TABS.map((tab) => {
    const count = document.querySelector(`.counts .${tab} b`)?.textContent;
    const label = tab.charAt(0).toUpperCase() + tab.slice(1);
    const attributes = { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": panelOf(tab), class: tab };
    const button = h("button", attributes, label, count ? h("span", { class: "number" }, ` ${count}`) : null);
    button.addEventListener("click", () => address.go(tab === "summary" ? {} : { tab }));
    return button;
  });
  const list = h("div", { role: "tablist", "aria-label": "Views of the report" }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const button = at(buttons, (next + buttons.length) % buttons.length);
    button.focus();
    button.click();
  });
  nav.append(list);
  nav.hidden = false;
  for (const tab of ["summary", "table", "groups"]) {
    byId(`panel-${tab}`).setAttribute("role", "tabpanel");
  }
  return (current) => {
    TABS.forEach((tab, index) => {
      const button = at(buttons, index);
      button.setAttribute("aria-selected", String(tab === current));
      button.tabIndex = tab === current ? 0 : -1;
    });
    for (const panel of document.querySelectorAll<HTMLElement>(".panel")) panel.hidden = panel.id !== panelOf(current);
    byId(panelOf(current)).setAttribute("aria-labelledby", `tab-${current}`);
  };
}

/** Links within the page go the way of the address, so that the back button leads back from each. */
function setUpLinks(address: Address): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const href = (event.target as Element).closest("a")?.getAttribute("href");
    if (!href?.startsWith("#") || !href.includes("=")) return;
    event.preventDefault();
    address.go(placeOf(href));
  });
}

function setUpCopies(): void {
  for (const button of document.querySelectorAll<HTMLElement>("button[data-copies]")) {
    const id = button.dataset["copies"] ?? "";
    button.replaceWith(copyButton(() => byId(id).textContent ?? ""));
  }
}

async function start(): Promise<void> {
  document.documentElement.classList.add("scripted");
  setUpTheme();
  titleTimes();
  setUpCopies();
  const rows = await Rows.read();
  const address = new Address();
  const showTab = setUpTabs(address);
  const grid = new Grid(rows, address);
  const table = new Table(rows, address);
  let below: Place = {};
  const inGridOrder = Array.from({ length: rows.cells }, (_, cell) => rows.shownIn(cell, null) ?? 0);
  const around = (): { rows: readonly number[]; below: Place } => ({
    rows: panelOf(tabOf(below)) === "panel-table" ? table.shown : inGridOrder,
    below,
  });
  const metric = new MetricView(rows, address, around);
  let shownTab: Tab | null = null;

  const show = (place: Place): void => {
    // A metric lies over whatever was there before.
    if (place.metric === undefined || shownTab === null) {
      const { metric: _, ...under } = place;
      below = place.metric === undefined ? under : place.tab === undefined ? {} : { tab: place.tab };
      const tab = tabOf(below);
      const isNew = tab !== shownTab;
      shownTab = tab;
      showTab(tab);
      if (tab === "summary") grid.show(below);
      else if (tab !== "groups") table.show(below);
      if (isNew && place.metric === undefined && scrollY > byId("main").offsetTop) byId("main").scrollIntoView();
    }
    void metric.show(place);
  };
  address.listen(show);
  setUpLinks(address);
  address.tell();
  document.documentElement.dataset["ready"] = "true";
}

start().catch((error: unknown) => {
  // Without its script the page still says what matters: leave all of it in sight.
  document.documentElement.classList.remove("scripted");
  for (const panel of document.querySelectorAll<HTMLElement>(".panel")) panel.hidden = panel.id === "panel-table";
  console.error(error);
});
