// Light and dark, phone and large screen, paper, and the rules of accessibility.

import AxeBuilder from "@axe-core/playwright";
import { addressOf, expect, test } from "./open";

const VIEWS: [string, string][] = [
  ["summary", ""],
  ["hot", "#tab=hot"],
  ["details", "#tab=details&sort=-ratio"],
  ["groups", "#tab=groups"],
  ["metric", "#metric=checkout%2Flatency_p99_ms&region=eu-west-1"],
];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const [view, hash] of VIEWS) {
      test(`${view} has no violation that axe finds`, async ({ open }) => {
        const page = await open("service", hash);
        if (view === "metric") await expect(page.locator("svg.values")).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`)).toEqual([]);
      });
    }
    test("every verdict has none", async ({ page }) => {
      for (const name of ["pass", "marginal", "inconclusive", "without-series"]) {
        await page.goto(addressOf(name));
        await expect(page.locator("html[data-ready]")).toHaveCount(1);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id }) => id), name).toEqual([]);
      }
    });
  });
}

test("the page follows the system's colours, and the reader's choice before it", async ({ open, page }) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "dark" });
  await open("service");
  const dark = await paper();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await paper();
  expect(light).not.toBe(dark);
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  expect(await paper()).toBe(dark);
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await paper()).toBe(dark);
});

test("every state has its own mark, so that no colour is needed", async ({ open }) => {
  const page = await open("service");
  const marks = await page.evaluate(() => {
    const mark = (look: string): string => {
      const cell = document.createElement("i");
      cell.className = look;
      document.querySelector(".cells")!.append(cell);
      const { content } = getComputedStyle(cell, "::before");
      cell.remove();
      return content;
    };
    return ["h3", "c3", "h3 q", "c3 q", "o1 u", "n1", "o4"].map(mark);
  });
  expect(new Set(marks).size).toBe(7);
});

for (const [width, height] of [[320, 640], [390, 844], [768, 1024], [3840, 2160]] as const) {
  test(`nothing is cut at ${width} × ${height}`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    await open("service");
    for (const tab of ["summary", "details", "groups"]) {
      await page.locator(`#tab-${tab}`).click();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), tab).toBeLessThanOrEqual(0);
    }
    await page.evaluate(() => (location.hash = "#metric=checkout%2Flatency_p99_ms"));
    const dialog = page.getByRole("dialog");
    await expect(dialog.locator("svg.values")).toBeVisible();
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  });
}

test("paper is light, without controls, with the grid and every row of a table", async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open("service");
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.locator(".cells")).toBeVisible();
  await expect(page.locator("table.worst")).toBeVisible();
  for (const control of ["nav.tabs", "#theme", "#region-choice"]) await expect(page.locator(control)).toBeHidden();
  const ink = await page.evaluate(() => getComputedStyle(document.body).color);
  expect(ink).toMatch(/rgb\((\d|[1-4]\d), /);
  await page.emulateMedia({ media: "screen" });
  await page.locator("#tab-details").click();
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  expect(await page.locator(".rows tbody tr[data-index]").count()).toBe(108);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  expect(await page.locator(".rows tbody tr[data-index]").count()).toBeLessThan(108);
  expect((await page.pdf()).byteLength).toBeGreaterThan(10_000);
});
