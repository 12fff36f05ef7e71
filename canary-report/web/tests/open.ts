// Opens a page of `pages/`, from disk, and holds it to what holds for every page: no error, no request.

import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test as base, type Page } from "@playwright/test";

export { expect };

export function pathOf(name: string): string {
  const path = `${import.meta.dirname}/../pages/${name}.html`;
  if (!existsSync(path)) throw new Error(`${path} is missing: run canary-report/web/check`);
  return path;
}

export function addressOf(name: string, hash = ""): string {
  return pathToFileURL(pathOf(name)).href + hash;
}

export const test = base.extend<{ open: (name: string, hash?: string) => Promise<Page> }>({
  open: async ({ page }, use) => {
    const faults: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|blob|data):/.test(request.url()) || request.resourceType() !== "document") faults.push(`request ${request.url()}`);
    });
    await use(async (name, hash = "") => {
      await page.goto(addressOf(name, hash));
      await expect(page.locator("html[data-ready]")).toHaveCount(1);
      return page;
    });
    expect(faults).toEqual([]);
  },
});
