// How long it takes from opening a page until it can be used, until a metric is open, and until a far row is seen.

import { statSync } from "node:fs";
import { test } from "@playwright/test";
import { addressOf, pathOf } from "../tests/open";

const ROUNDS = 5;

for (const [name, metric] of [
  ["large", "service-0%2Fendpoint-0%2Flatency_p95"],
  ["huge", "service-100%2Fendpoint-0%2Flatency_p95"],
]) {
  test(name!, async ({ browser }) => {
    const times: Record<string, number[]> = { "until usable": [], "opening a metric": [], "to the last of the rows": [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await browser.newPage();
      let began = Date.now();
      const lap = (what: string): void => {
        times[what]!.push(Date.now() - began);
        began = Date.now();
      };
      await page.goto(addressOf(name!), { waitUntil: "commit" });
      await page.waitForSelector("html[data-ready]");
      lap("until usable");
      await page.evaluate((hash) => (location.hash = hash), `#metric=${metric}`);
      await page.waitForSelector("#metric[open] svg.values");
      lap("opening a metric");
      await page.evaluate(() => (location.hash = "#tab=details"));
      await page.waitForSelector(".rows tbody tr[data-index]");
      began = Date.now();
      await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight }));
      await page.waitForFunction(() => {
        const rows = document.querySelectorAll(".rows tbody tr[data-index]");
        const last = rows[rows.length - 1]?.getBoundingClientRect();
        return last !== undefined && last.bottom > 0 && last.bottom < innerHeight + 400 && scrollY > 1000;
      });
      lap("to the last of the rows");
      await page.close();
    }
    console.log(`${name}: ${(statSync(pathOf(name!)).size / 1e6).toFixed(2)} MB`);
    for (const [what, found] of Object.entries(times)) {
      const sorted = found.sort((a, b) => a - b);
      console.log(`  ${what}: median ${sorted[Math.floor(ROUNDS / 2)]} ms, ${sorted[0]} to ${sorted[ROUNDS - 1]}`);
    }
  });
}
