// The picture of the HTML report in the README, made anew: `pnpm picture:report`. Its page is that of a run by hand, so it
// is the same each time; `--page NAME` takes another run of the tests, `sixty` and `thousand` are large ones.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createReport, renderHtml } from "../src/index.js";
import { Choices, longWorkflow, numbersFrom, perform } from "./performed-run.js";
import type { RecordedRun } from "./recorded-run.js";
import { RUNS } from "./runs.js";
import { showcase } from "./showcase-run.js";
import { shrinkPng } from "./shrink-png.js";

const { values } = parseArgs({
  options: {
    page: { type: "string", default: "showcase" },
    output: { type: "string", default: resolve(import.meta.dirname, "../../../docs/images/report.png") },
    width: { type: "string", default: "1280" },
    height: { type: "string", default: "2060" },
    dark: { type: "boolean", default: false },
    html: { type: "string" },
  },
});

const TROUBLE = { fail: 0, retry: 4, crash: 1, reject: 20 };
const large = (count: number) => (): RecordedRun =>
  perform({ title: "A large run", ...longWorkflow(count) }, new Choices(numbersFrom(11, 60_000)), TROUBLE, 30_000);
const pages: Readonly<Record<string, () => RecordedRun>> = {
  ...RUNS,
  showcase,
  sixty: large(60),
  thousand: large(1_000),
};

function pageOf(name: string): string {
  const make = pages[name];
  if (make === undefined) throw new Error(`there is no page ${name}, but: ${Object.keys(pages).join(", ")}`);
  const run = make();
  const folder = `.troupe/runs/${run.state.runId}`;
  return renderHtml(
    createReport(run.entries, {
      now: run.now + 1_000,
      holder: null,
      next: ({ runId }) => `troupe resume ${runId}`,
      logPath: (turn) => `${folder}/logs/${turn}.log`,
      artifactPath: ({ turn, name: file }) => `${folder}/artifacts/${turn}/${file}`,
    }),
  );
}

function findBrowser(): string | null {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== "") return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  return [...places, mac].find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

const scratch = mkdtempSync(join(tmpdir(), "troupe-picture-"));
try {
  const file = values.html === undefined ? join(scratch, "report.html") : resolve(values.html);
  const page = pageOf(values.page);
  writeFileSync(file, page);
  console.log(`${values.page}: ${Buffer.byteLength(page)} bytes${values.html === undefined ? "" : `, in ${file}`}`);
  const browser = findBrowser();
  if (browser === null) {
    console.error(
      "No Chromium was found, so no picture was made. Install it (apt-get install -y chromium), or name it: CHROMIUM=/path/to/chrome pnpm picture:report. The page alone: pnpm picture:report --html report.html",
    );
    process.exitCode = values.html === undefined ? 1 : 0;
  } else {
    mkdirSync(resolve(values.output, ".."), { recursive: true });
    const flags = [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--hide-scrollbars",
      `--user-data-dir=${scratch}/profile`,
    ];
    // Blink counts dark as 0
    const scheme = `--blink-settings=preferredColorScheme=${values.dark ? 0 : 1}`;
    const size = `--window-size=${values.width},${values.height}`;
    execFileSync(browser, [...flags, scheme, size, `--screenshot=${resolve(values.output)}`, `file://${file}`], {
      stdio: "ignore",
    });
    writeFileSync(values.output, shrinkPng(readFileSync(values.output)));
    console.log(`${statSync(values.output).size} bytes, in ${resolve(values.output)}`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
