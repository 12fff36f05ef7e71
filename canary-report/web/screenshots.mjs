// Makes the pictures of docs/screenshots from a page: npm run screenshots -- report.html directory [metric's hash].
// With no hash the first metric that counts against the canary is shown.
import { mkdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

const [from, into, hash] = process.argv.slice(2);
if (!from || !into) throw new Error("which page, and into which directory?");
const address = pathToFileURL(resolve(from)).href;
await mkdir(into, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const LIMIT = 300 * 1024;

const opened = async (options, place = "") => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: "UTC", ...options });
  await page.goto(address + place);
  await page.waitForSelector("html[data-ready]");
  return page;
};
const taken = async (page, name, options = {}) => {
  const path = resolve(into, `${name}.png`);
  await page.screenshot({ path, animations: "disabled", ...options });
  const { size } = await stat(path);
  console.log(`${path}: ${Math.ceil(size / 1024)} KiB`);
  if (size > LIMIT) process.exitCode = 1;
  await page.close();
};

const first = await opened({});
const metric = hash ?? (await first.locator("table.worst a").first().getAttribute("href"));
await taken(first, "desktop");
await taken(await opened({ colorScheme: "dark" }), "dark");
const view = await opened({}, metric);
await view.waitForSelector("#metric[open]");
await taken(view, "metric");
await taken(await opened({ viewport: { width: 1280, height: 800 } }, "#tab=details"), "table");
await taken(await opened({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }), "phone");
// Paper is as wide as an A4 page at 96 pixels an inch, without its margins.
const paper = await opened({ viewport: { width: 703, height: 1000 } });
await paper.emulateMedia({ media: "print" });
await taken(paper, "print");
await browser.close();
