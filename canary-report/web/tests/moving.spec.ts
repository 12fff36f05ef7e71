// Tabs, tables, grid and metrics, by pointer and by keys.

import { expect, test } from "./open";

const names = (page: import("@playwright/test").Page) => page.locator(".rows tbody .col-name a");

test("tabs show their own rows, and the back button leads back", async ({ open }) => {
  const page = await open("service");
  await page.getByRole("tab", { name: /^Hot/ }).click();
  await expect(page).toHaveURL(/#tab=hot$/);
  await expect(page.locator(".count")).toHaveText("6 of 108 rows");
  await page.getByRole("tab", { name: /^Nodata/ }).click();
  await expect(names(page)).toHaveText(["mail/errors"]);
  await page.goBack();
  await expect(page.locator(".count")).toHaveText("6 of 108 rows");
  await page.goBack();
  await expect(page.locator("#panel-summary")).toBeVisible();
});

test("arrow keys move between tabs", async ({ open }) => {
  const page = await open("service");
  await page.getByRole("tab", { name: "Summary" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: /^Hot/ })).toBeFocused();
  await expect(page.locator("#panel-table")).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("heading", { name: "Groups" })).toBeVisible();
});

test("a column sorts one way, then the other, then by importance again", async ({ open }) => {
  const page = await open("service", "#tab=details");
  const ratio = page.getByRole("columnheader", { name: "ratio" });
  const first = page.locator(".rows tbody .col-ratio").first();
  const important = await names(page).first().textContent();
  await ratio.getByRole("button").click();
  await expect(ratio).toHaveAttribute("aria-sort", "descending");
  const most = Number(await first.textContent());
  await ratio.getByRole("button").click();
  await expect(ratio).toHaveAttribute("aria-sort", "ascending");
  expect(Number(await first.textContent())).toBeLessThan(most);
  await ratio.getByRole("button").click();
  await expect(ratio).not.toHaveAttribute("aria-sort");
  await expect(names(page).first()).toHaveText(important!);
  // What has no ratio comes last either way.
  await page.goto(page.url().replace(/#.*/, "#tab=details&sort=ratio"));
  await page.keyboard.press("End");
});

test("rows are filtered by text, region, group and state, and the address says so", async ({ open }) => {
  const page = await open("service", "#tab=details");
  await page.getByRole("searchbox").fill("CHECKOUT p99");
  await expect(page.locator(".count")).toHaveText("3 of 108 rows");
  await page.locator(".filters").getByLabel("Region", { exact: true }).selectOption("eu-west-1");
  await expect(names(page)).toHaveText(["checkout/latency_p99_ms"]);
  await page.getByLabel("State", { exact: true }).selectOption("ok");
  await expect(page.locator(".count")).toHaveText("No metric matches");
  await expect(page).toHaveURL(/region=eu-west-1/);
  const address = page.url();
  await page.goto("about:blank");
  await page.goto(address);
  await expect(page.getByRole("searchbox")).toHaveValue("CHECKOUT p99");
  await expect(page.getByLabel("State", { exact: true })).toHaveValue("ok");
});

test("a row's link opens its metric, Escape closes it and the table is as it was", async ({ open }) => {
  const page = await open("service", "#tab=hot&sort=-ratio");
  await names(page).nth(1).click();
  await expect(page).toHaveURL(/#metric=/);
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page).toHaveURL(/#tab=hot&sort=-ratio$/);
});

test("keys alone lead from the table to a metric, to the next, and back", async ({ open }) => {
  const page = await open("service", "#tab=hot");
  await names(page).first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(names(page).nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  const shown = await page.locator("#metric-name").textContent();
  const where = await page.locator(".where").textContent();
  await page.keyboard.press("ArrowRight");
  await expect
    .poll(async () => (await page.locator("#metric-name").textContent()) + (await page.locator(".where").textContent())!)
    .not.toBe(shown! + where!);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/#tab=hot$/);
});

test("a deep link opens a metric, and back leaves the page as the reader came", async ({ open }) => {
  const page = await open("service", "#metric=checkout%2Frequests&region=eu-west-1");
  await expect(page.locator("#metric-name")).toHaveText("checkout/requests");
  await expect(page.getByRole("dialog")).toContainText("Too low");
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.locator("#panel-summary")).toBeVisible();
});

test("a link to a metric that is not there says so", async ({ open }) => {
  const page = await open("service", "#metric=no%2Fsuch");
  await expect(page.getByRole("dialog")).toContainText("No such metric");
});

test("a link without a region opens the worst one", async ({ open }) => {
  const page = await open("service", "#metric=checkout%2Flatency_p50_ms");
  await expect(page.locator(".region[aria-pressed=true]")).toContainText("eu-west-1");
  await expect(page.locator(".region[aria-pressed=true]")).toContainText("worst");
});

test("regions stand side by side, and each can be looked at", async ({ open }) => {
  const page = await open("service", "#metric=checkout%2Flatency_p50_ms&region=eu-west-1");
  await expect(page.locator(".region")).toHaveCount(3);
  await expect(page.locator(".region").filter({ hasText: "worst" })).toHaveCount(1);
  await page.locator(".region").filter({ hasText: "us-east-1" }).click();
  await expect(page).toHaveURL(/region=us-east-1/);
  await expect(page.locator(".region[aria-pressed=true]")).toContainText("us-east-1");
});

test("a cell says what it is on hover and on focus, and opens on click and on Enter", async ({ open }) => {
  const page = await open("service");
  const tip = page.locator("#tip");
  await page.locator(".cells i").first().hover();
  await expect(tip).toContainText("checkout/latency_p50_ms");
  await expect(tip).toContainText(/ratio 1\.\d+ {2}\[1\.\d+, 1\.\d+\]/);
  await expect(tip).toContainText("bounds 0.8 to 1.3");
  await page.locator(".cells i").first().click();
  await expect(page.locator("#metric-name")).toHaveText("checkout/latency_p50_ms");
  await page.keyboard.press("Escape");
  await page.locator("#grid").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tip).toContainText("checkout/latency_p99_ms");
  await expect(page.locator("#current-cell")).toContainText("checkout/latency_p99_ms, region eu-west-1: hot, critical");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.locator("#metric-name")).toHaveText("checkout/latency_p99_ms");
});

test("the grid shows one region when asked", async ({ open }) => {
  const page = await open("service");
  await expect(page.locator(".cells i").first()).toHaveClass(/h\d k/);
  await page.locator("#region").selectOption({ label: "us-east-1" });
  await expect(page.locator(".cells i").first()).toHaveClass(/o\d/);
  await expect(page).toHaveURL(/grid=us-east-1/);
});

test("charts say in words what they show, and the time moves by keys", async ({ open }) => {
  const page = await open("service", "#metric=checkout%2Flatency_p99_ms&region=eu-west-1");
  await expect(page.locator("svg.values")).toHaveAttribute("aria-label", /baseline median .* canary median/);
  await expect(page.locator("svg.ratios")).toHaveAttribute("aria-label", /bounds 0\.8000 to 1\.300/);
  await expect(page.locator("svg.values .band")).toHaveCount(2);
  const time = page.getByRole("slider", { name: "Time" });
  await time.focus();
  await page.keyboard.press("Home");
  await expect(time).toHaveAttribute("aria-valuetext", /^2026-08-22 10:00 UTC {2}baseline [\d.]+ {2}canary [\d.]+ {2}ratio/);
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".readout")).toContainText("2026-08-22 10:01 UTC");
  await expect(page.locator(".readout span")).toHaveAttribute("title", /12:01:00 CEST/);
});

test("the raw numbers are the kept ones, one line a tick", async ({ open }) => {
  const page = await open("service", "#metric=checkout%2Flatency_p99_ms&region=eu-west-1");
  await page.getByText("Raw numbers", { exact: true }).click();
  // The numbers are written when the part has opened, which the browser says a moment after the click.
  const raw = page.locator(".raw textarea");
  await expect(raw).not.toHaveValue("");
  const lines = (await raw.inputValue()).trim().split("\n");
  expect(lines[0]).toBe("time\tbaseline\tcanary\tbaseline_lower\tbaseline_upper\tcanary_lower\tcanary_upper");
  expect(lines).toHaveLength(181);
  expect(lines[61]).toMatch(/^2026-08-22T11:00:00Z(\t\d+(\.\d+)?){6}$/);
  for (const line of lines.slice(1)) {
    const [, baseline, , lower, upper] = line.split("\t").map(Number);
    // The mean of the instances lies between them, but for the rounding of both.
    expect(baseline!).toBeGreaterThan(lower! * 0.98);
    expect(baseline!).toBeLessThan(upper! * 1.02);
  }
});

test("10,000 metrics scroll, with only the seen rows in the page", async ({ open }) => {
  const page = await open("huge", "#tab=details");
  await expect(page.locator(".count")).toHaveText("10000 of 10000 rows");
  for (const share of [0.25, 0.5, 0.999]) {
    await page.evaluate((to) => scrollTo({ top: document.documentElement.scrollHeight * to }), share);
    const middle = page.viewportSize()!.height / 2;
    await expect
      .poll(() => page.evaluate((y) => document.elementFromPoint(700, y)?.closest("tr")?.getAttribute("data-index"), middle))
      .not.toBeFalsy();
    const index = Number(await page.evaluate((y) => document.elementFromPoint(700, y)?.closest("tr")?.getAttribute("data-index"), middle));
    expect(Math.abs(index / 10_000 - share)).toBeLessThan(0.02);
    expect(await page.locator(".rows tbody tr").count()).toBeLessThan(120);
  }
  await names(page).last().focus();
  await page.keyboard.press("Home");
  await expect(page.locator(".rows tbody tr[data-index='0'] a")).toBeFocused();
});
