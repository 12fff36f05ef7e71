// Names that mean something to HTML, to a script, to an address or to the eye.

import { readFileSync } from "node:fs";
import { addressOf, expect, pathOf, test } from "./open";

test("nothing runs, nothing is requested, nothing breaks out", async ({ open }) => {
  const page = await open("hostile");
  for (const tab of ["hot", "cold", "nodata", "ok", "details", "groups", "summary"]) {
    await page.locator(`#tab-${tab}`).click();
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width, `${tab} is as wide as its window`).toBeLessThanOrEqual(0);
  }
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  expect(await page.locator("main script, main img, dialog script, main b b").count()).toBe(0);
});

test("every metric opens by its link, and shows its own name", async ({ open }) => {
  const page = await open("hostile", "#tab=details");
  const links = await page.locator(".rows tbody .col-name a").evaluateAll((all) => all.map((link) => [link.getAttribute("href")!, link.textContent!]));
  expect(links.length).toBeGreaterThan(30);
  for (const [href, text] of links) {
    await page.evaluate((hash) => (location.hash = hash), href!);
    await expect(page.locator("#metric-name bdi")).toHaveText(text!, { useInnerText: false });
    const wide = await page.evaluate(() => document.getElementById("metric")!.scrollWidth - document.getElementById("metric")!.clientWidth);
    expect(wide, text!.slice(0, 40)).toBeLessThanOrEqual(0);
  }
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
});

test("hidden and reordering characters are written out", async ({ open }) => {
  const page = await open("hostile", "#tab=details");
  await expect(page.getByRole("link", { name: "rtl \\u{202e}txet desrever\\u{202c} end" }).first()).toBeVisible();
  const text = await page.evaluate(() => document.body.innerText);
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u0007\u001b]/);
});

test("a phone holds them too", async ({ open, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open("hostile");
  for (const tab of ["details", "groups", "summary"]) {
    await page.locator(`#tab-${tab}`).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), tab).toBeLessThanOrEqual(0);
  }
});

test("the policy forbids everything but the page's own script and style", async ({ page }) => {
  await page.goto(addressOf("pass"));
  await expect(page.locator("html[data-ready]")).toHaveCount(1);
  const policy = await page.locator("meta[http-equiv]").getAttribute("content");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(readFileSync(pathOf("hostile"), "utf8")).not.toMatch(/ style="| on[a-z]+="/);
  // The policy is in force: a script that someone adds does not run.
  const refused = page.waitForEvent("console", (message) => message.type() === "error");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.append("window.hacked = 8");
    document.body.append(script);
  });
  expect((await refused).text()).toMatch(/Content Security Policy|TrustedScript/);
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
});
