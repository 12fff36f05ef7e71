// What a person reads without touching anything.

import { statSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { addressOf, expect, pathOf, test } from "./open";

test("the verdict, its score, why, and what was compared stand at the top", async ({ open }) => {
  const page = await open("service");
  await expect(page).toHaveTitle("✗ FAIL: canary report");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("FAILdo not roll out");
  await expect(page.locator(".points")).toContainText("pass >= 95, marginal >= 75");
  await expect(page.locator(".why .lead")).toContainText("In eu-west-1: 2 critical metrics count against the canary");
  await expect(page.locator("#compared ~ dl")).toContainText("shop 1.42.0-rc1");
  await expect(page.locator("#window")).toHaveAttribute("title", /22 Aug 2026, 12:00:00 CEST/);
  await expect(page.locator("#command")).toHaveText("canary score metrics/old.parquet metrics/new.parquet -c canary.toml");
});

test("each verdict has its own word and shape", async ({ page }) => {
  const shapes = new Set<string>();
  for (const [name, word] of [["pass", "PASS"], ["marginal", "MARGINAL"], ["service", "FAIL"], ["inconclusive", "INCONCLUSIVE"]]) {
    await page.goto(addressOf(name!));
    await expect(page.locator("h1")).toContainText(word!);
    shapes.add(await page.locator(".shape").innerHTML());
  }
  expect(shapes.size).toBe(4);
});

test("all cells of 1,500 metrics are on one screen with the verdict and why", async ({ open }) => {
  const page = await open("large");
  const last = await page.locator(".cells i").last().boundingBox();
  expect(await page.locator(".cells i").count()).toBe(1500);
  expect(last!.y + last!.height).toBeLessThan(900);
  await expect(page.locator("h1")).toBeInViewport();
  await expect(page.locator(".why .lead")).toBeInViewport();
});

// How many metrics a finding says that it is about: two at least.
const membersOf = async (finding: Locator) => {
  const count = Number(/(\d+) metrics moved together/.exec((await finding.textContent()) ?? "")?.[1]);
  expect(count).toBeGreaterThan(1);
  return count;
};

test("findings name when, how much and who was first, and lead to the metrics", async ({ open }) => {
  const page = await open("service");
  const finding = page.locator(".findings li").first();
  await expect(finding).toContainText("moved together by a factor of");
  const members = await membersOf(finding);
  await finding.getByRole("link", { name: /checkout\/latency_p99_ms/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.locator("#metric-name")).toHaveText("checkout/latency_p99_ms");
  await page.keyboard.press("Escape");
  await finding.getByRole("link", { name: /show all/ }).click();
  await expect(page.getByRole("tab", { name: /Details/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.locator(".count")).toHaveText(`${members} of 108 rows`);
});

test("pointing at a finding marks its cells", async ({ open }) => {
  const page = await open("service");
  const finding = page.locator(".findings li").first();
  await finding.hover();
  await expect(page.locator(".cells i.marked")).toHaveCount(await membersOf(finding));
  await page.locator("h1").hover();
  await expect(page.locator(".cells i.marked")).toHaveCount(0);
});

test.describe("with scripts blocked", () => {
  test.use({ javaScriptEnabled: false });

  test("what matters is there, and no control that does nothing", async ({ page }) => {
    await page.goto(addressOf("service"));
    await expect(page.locator("h1")).toContainText("FAIL");
    await expect(page.locator(".lead")).toContainText("2 critical metrics");
    await expect(page.locator(".findings")).toContainText("moved together");
    await expect(page.locator("table.worst tbody tr").first()).toContainText("checkout/latency");
    await expect(page.locator("#groups")).toBeVisible();
    await expect(page.locator(".cells i").first()).toBeVisible();
    await expect(page.getByText("Scripts are blocked here")).toBeVisible();
    for (const hidden of ["nav.tabs", "#theme", "#region-choice", "#panel-table", "button.copy"]) {
      await expect(page.locator(hidden).first()).toBeHidden();
    }
  });
});

test("a report without series says how to get them", async ({ open }) => {
  const page = await open("without-series", "#metric=checkout%2Flatency_p99_ms&region=eu-west-1");
  await expect(page.getByRole("dialog")).toContainText("Make it with --with-series to see them over time.");
  await expect(page.getByRole("dialog")).toContainText("Too high");
  await expect(page.locator("svg.chart")).toHaveCount(0);
});

test("sizes are within their limits", () => {
  const MB = 1e6;
  expect(statSync(pathOf("large")).size).toBeLessThan(5 * MB);
  expect(statSync(pathOf("huge")).size).toBeLessThan(30 * MB);
});
