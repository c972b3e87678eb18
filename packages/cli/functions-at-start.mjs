// Which functions of the built files run when commands that only look are typed, by V8's own account of it.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_WORKFLOW_YAML } from "@troupe/config";

const STAGES = `stages:
  BUILD:
    run: echo built
  TEST:
    run: echo tested
    needs: []
  LINT:
    run: echo linted
    needs: [BUILD]
  SHIP:
    run: echo shipped
`;
/** The project files that people have: one as `init` writes it, and one that says more. */
const PROJECTS = [
  "# who does the work\nagents:\n  default: claude\n",
  `workflow: stages.yaml
store: [fs, { maxLogBytes: 1048576 }] # a log has a mebibyte
agents:
  default: claude
  reviewer: { plugin: codex, model: gpt-5, access: readOnly }
  builder-1:
    plugin: command
    options: { command: [my-agent, "-p"] }
    env: { DEPLOY_TOKEN: { from: DEPLOY_TOKEN } }
checks:
  - npm test
secrets: [DEPLOY_TOKEN]
limits:
  duration: 4h
`,
];
const COMMANDS = [["list"], ["status"], ["validate"]];

/** By name of the file what ran in it: `start:end` of each function. `bin` is the built command. */
export async function functionsAtStart(bin) {
  const folder = await mkdtemp(join(tmpdir(), "troupe-build-"));
  try {
    const coverage = join(folder, "coverage");
    for (const [index, project] of PROJECTS.entries()) {
      const cwd = join(folder, `project-${index}`);
      await mkdir(join(cwd, ".git"), { recursive: true });
      await writeFile(join(cwd, "objective.md"), "# Build it\n\nSo that it is there.\n");
      await writeFile(join(cwd, "stages.yaml"), STAGES);
      troupe(bin, cwd, {}, "run", "objective.md", "--plain");
      await writeFile(join(cwd, "stages.yaml"), DEFAULT_WORKFLOW_YAML);
      await writeFile(join(cwd, "troupe.yaml"), project);
      for (const command of COMMANDS) troupe(bin, cwd, { NODE_V8_COVERAGE: coverage }, ...command);
    }
    return await readCoverage(coverage);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function troupe(bin, cwd, environment, ...args) {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1", ...environment },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`troupe ${args.join(" ")} does not work: ${stderr}`);
}

async function readCoverage(folder) {
  const ran = new Map();
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), "utf8"));
    for (const { url, functions } of result) {
      const file = url.slice(url.lastIndexOf("/") + 1);
      const known = ran.get(file) ?? new Set();
      for (const { ranges } of functions) {
        const [{ startOffset, endOffset, count }] = ranges;
        if (count > 0) known.add(`${startOffset}:${endOffset}`);
      }
      ran.set(file, known);
    }
  }
  return ran;
}
