import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { objectsIn } from "./next-move.js";
import type { RealAgent } from "./real-agents.js";
import { startScriptedLlm } from "./scripted-llm.js";

const PACKAGES = fileURLToPath(new URL("../..", import.meta.url));
const INSTALL_MS = 600_000;
const RUN_MS = 300_000;
const STAGES = `stages:
  WRITE: { work_agent: writer, artifacts: [] }
  REVIEW: { work_agent: writer, review_agent: reviewer, is_review_stage: true, artifacts: [] }
work_to_review_mapping: { WRITE: REVIEW }
`;

/** What became of one agent. */
export type Trial =
  | { readonly outcome: "passed"; readonly text: string }
  | { readonly outcome: "skipped"; readonly text: string }
  | { readonly outcome: "failed"; readonly text: string };

/** Installs the agent into `cache`, unless it is there, and performs two stages with it. */
export async function tryAgent(agent: RealAgent, cache: string): Promise<Trial> {
  if (agent.skip !== null) return { outcome: "skipped", text: agent.skip };
  const folder = join(cache, agent.packages.join("+").replace(/[^\w.@+-]/g, "_"));
  const problem = await install(agent.packages, folder);
  if (problem !== null) return { outcome: "skipped", text: `could not be installed: ${problem}` };
  const project = await mkdtemp(join(tmpdir(), "troupe-agents-"));
  const llm = await startScriptedLlm();
  try {
    const home = `${project}-home`;
    await mkdir(home);
    const bin = (name: string): string => join(folder, "node_modules", ".bin", name);
    const place = { llm: llm.url, home, bin };
    const files = Object.entries(agent.files ?? {}).map(([path, content]) => [path, JSON.stringify(content)] as const);
    for (const [path, content] of [...files, ...Object.entries(agent.texts?.(place) ?? {})]) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), content);
    }
    await prepare(project, agent.configure(place));
    const startedAt = performance.now();
    const { code, output } = await troupe(project);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const found = look(project, agent);
    if (code === 0 && found.length === 0) {
      const verdict = agent.takesTools ? "the verdict by tool" : "the verdict in the text";
      return { outcome: "passed", text: `2 stages, a file, ${verdict}, ${llm.asked()} requests, ${seconds} s` };
    }
    return { outcome: "failed", text: [`exit code ${code}`, ...found, output.slice(-3000)].join("\n") };
  } finally {
    await llm.close();
    await Promise.all([project, `${project}-home`].map((path) => rm(path, { recursive: true, force: true })));
  }
}

async function prepare(project: string, [plugin, options]: readonly [string, object]): Promise<void> {
  await writeFile(join(project, "objective.md"), "# Objective: Write the files\n\n## Goals\n- Each stage leaves one\n");
  await writeFile(join(project, "stages.yaml"), STAGES);
  await writeFile(join(project, "troupe.yaml"), JSON.stringify({ agents: { default: [plugin, options] } }));
  await run("git", ["init", "-q"], project, RUN_MS);
}

/** Null = it is there. */
async function install(packages: readonly string[], folder: string): Promise<string | null> {
  if (existsSync(join(folder, "installed"))) return null;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  const { code, output } = await run("npm", args, folder, INSTALL_MS);
  if (code !== 0) return output.trim().split("\n")[0] ?? `npm ended with ${code}`;
  await writeFile(join(folder, "installed"), "");
  return null;
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function troupe(project: string): Promise<Ended> {
  const bin = join(PACKAGES, "cli", "src", "bin.ts");
  const args = [...process.execArgv, bin, "run", "objective.md", "--plain", "--no-input"];
  return await run(process.execPath, args, project, RUN_MS);
}

async function run(program: string, args: readonly string[], cwd: string, timeout: number): Promise<Ended> {
  return await new Promise((resolve) => {
    const options = { cwd, timeout, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

/** What is not as it should be. */
function look(project: string, { takesTools }: RealAgent): readonly string[] {
  const problems: string[] = [];
  const file = join(project, "WRITE.txt");
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "missing";
  if (text !== "written in WRITE") problems.push(`WRITE.txt: ${text}`);
  const sources = verdictsOf(project);
  const expected = takesTools ? "tool" : "text";
  if (sources.join() !== expected) problems.push(`verdicts by: ${sources.join(", ") || "nobody"}`);
  return problems;
}

function verdictsOf(project: string): readonly string[] {
  const runs = join(project, ".troupe", "runs");
  const [only = ""] = existsSync(runs) ? readdirSync(runs) : [];
  const journal = join(runs, only, "journal.jsonl");
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  return lines
    .flatMap((line) => objectsIn(JSON.parse(line).events))
    .filter(({ type }) => type === "review.concluded")
    .flatMap(({ verdict }) => objectsIn([verdict]).map(({ source }) => String(source)));
}
