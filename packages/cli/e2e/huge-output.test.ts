import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BIN, createProject, OBJECTIVE, type TestProject } from "./harness.js";

const MIB = 1024 * 1024;
/** What each stage prints: beyond the cap of its log. TROUPE_OUTPUT_MIB=1024 is the bar of the design. */
const BYTES = Number(process.env.TROUPE_OUTPUT_MIB ?? 72) * MIB;
const MOST_LOGGED = 64 * MIB + 100;
const EXIT_HOOK = `process.on("exit", () => require("node:fs").writeFileSync("memory", String(process.resourceUsage().maxRSS * 1024)))`;
const RESULT = JSON.stringify({
  type: "result",
  subtype: "success",
  is_error: false,
  result: "Done.",
  session_id: "s",
});
const CLAUDE = `#!/bin/sh
cat >prompt.txt
yes '{"type":"user","message":{"content":[{"type":"text","text":"wörk"}]}}' | head -c ${BYTES}
printf '\\n%s\\n' '${RESULT}'
`;
/** Two bytes a character, at odd places: they are split over chunks. */
const PLAIN = ["sh", "-c", `cat >/dev/null; printf x; yes öööö | tr -d '\\n' | head -c ${BYTES}; echo; echo Done.`];
const PROJECT = {
  "objective.md": OBJECTIVE,
  "claude.sh": CLAUDE,
  "troupe.yaml": `agents:
  talker: { plugin: command, options: { command: ${JSON.stringify(PLAIN)} } }
  coder: { plugin: claude, options: { command: ["sh", "./claude.sh"] } }
`,
};
const ZEROES = `["head", "-c", "${BYTES}", "/dev/zero"]`;
const STAGES = `stages:
  BEGIN: { run: ["true"] }
  LINE: { run: ${ZEROES} }
  TEXT: { work_agent: talker, artifacts: [], writes: artifacts }
  JSON: { work_agent: coder, artifacts: [], writes: artifacts }
  ERRORS: { run: "head -c ${BYTES} /dev/zero | tr '\\\\000' e >&2" }
  END: { run: ["true"] }
parallel_groups: { all: { stages: [LINE, TEXT, JSON, ERRORS] } }
`;

/** The most memory that a run took, in MB; Node's own and that of all code included. */
async function performIn(project: TestProject): Promise<number> {
  await project.write("at-exit.cjs", EXIT_HOOK);
  const args = ["--require", join(project.folder, "at-exit.cjs"), BIN, "run", "objective.md", "--no-input"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project.folder, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, expect.stringContaining("succeeded")]);
  return Math.round(Number(project.read("memory")) / 1e6);
}

test("what four agents and commands print at once takes next to no memory, and their logs are capped", async (context) => {
  const quiet = await createProject({ ...PROJECT, "stages.yaml": STAGES.replaceAll(String(BYTES), "10") });
  await quiet.write("claude.sh", CLAUDE.replaceAll(String(BYTES), "0"));
  const loud = await createProject({ ...PROJECT, "stages.yaml": STAGES });
  const [least, most] = [await performIn(quiet), await performIn(loud)];
  await context.annotate(`${most} MB, of which ${least} MB are Node and Troupe without any output`);
  const logs = readdirSync(join(loud.runFolder(), "logs"));
  const bytes = logs.map((name) => statSync(join(loud.runFolder(), "logs", name)).size);
  expect(logs).toEqual(["ERRORS.1.log", "JSON.1.log", "LINE.1.log", "TEXT.1.log"]);
  expect(Math.max(...bytes)).toBeLessThan(MOST_LOGGED);
  const left = (await loud.run("logs")).stdout.match(/\[\d+ bytes left out\]/g);
  expect(left).toHaveLength(4);
  // that of a JSON stream is the most: each object lives for a moment
  expect(most - least).toBeLessThan(70);
  if (BYTES >= 1024 * MIB) expect(most).toBeLessThan(150);
}, 240_000);
