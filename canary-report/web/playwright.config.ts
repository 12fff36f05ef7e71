import { defineConfig } from "@playwright/test";

/** Debian's browser; none is downloaded. */
export const browser = { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] };

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Slow machines are no failures; what hangs is.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: true,
  reporter: "line",
  use: { launchOptions: browser, viewport: { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin" },
});
