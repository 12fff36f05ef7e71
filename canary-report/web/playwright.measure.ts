import { defineConfig } from "@playwright/test";
import shared from "./playwright.config";

/** Times are measured, not tested: they say as much of the machine as of the page. */
export default defineConfig({ ...shared, testDir: "measure", workers: 1, reporter: "list" });
