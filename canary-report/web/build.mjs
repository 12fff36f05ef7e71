// Builds the page's script and style into ../src/html/assets, which the crate embeds. With --check it builds and
// compares instead: the committed files must be what the sources here make.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const assets = new URL("../src/html/assets/", import.meta.url);
const targets = ["chrome123", "firefox120", "safari17.5"];

const { outputFiles } = await build({
  entryPoints: { report: "src/main.ts", style: "src/style/report.css" },
  absWorkingDir: import.meta.dirname,
  outdir: "out",
  bundle: true,
  minify: true,
  format: "iife",
  target: targets,
  charset: "ascii",
  legalComments: "none",
  write: false,
});
const built = (suffix) => {
  const text = outputFiles.find((file) => file.path.endsWith(suffix)).text.trimEnd();
  // What ends or opens an element must not stand in an inline one.
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${suffix} holds a tag`);
  return `${text}\n`;
};
const files = { "report.js": built("report.js"), "report.css": built("style.css") };

for (const [name, text] of Object.entries(files)) {
  const path = new URL(name, assets);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
    console.log(`${name}: ${text.length} bytes`);
  } else if ((await readFile(path, "utf8")) !== text) {
    console.error(`src/html/assets/${name} is stale: run "npm run build" in canary-report/web and commit it`);
    process.exitCode = 1;
  }
}
