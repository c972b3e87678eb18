import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unpackEvents } from "@troupe/core";
import { withThisNode } from "./install-agent.js";
import { objectsIn } from "./next-move.js";
import type { Place, TriedAgent } from "./real-agent.js";
import { type Ended, runQuietly } from "./run-quietly.js";
import { type ScriptedLlm, startScriptedLlm } from "./scripted-llm.js";

const RUN_MS = 600_000;
/** An agent that hangs is told by the command itself, with its log, before the trial gives up. */
const STAGES = `defaults: { timeout: 4m, idle_timeout: 2m, retry: { attempts: 1 } }
stages:
  WRITE: { work_agent: writer, artifacts: [] }
  REVIEW: { work_agent: writer, review_agent: reviewer, is_review_stage: true, artifacts: [] }
work_to_review_mapping: { WRITE: REVIEW }
`;

/** What became of one agent. */
export interface Trial {
  readonly outcome: "passed" | "failed";
  readonly text: string;
}

export interface TrialSetting {
  readonly bin: Place["bin"];
  /** The command line of `troupe`, without arguments of its own. */
  readonly troupe: readonly string[];
  /** A folder for what the agent printed in its turns; null = it is not kept. */
  readonly record: string | null;
}

/** Performs two stages with an agent: it writes a file by a tool, and reviews it. Everything is removed afterwards. */
export async function tryAgent(agent: TriedAgent, { bin, troupe, record }: TrialSetting): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-agents-"));
  const [project, home] = [join(folder, "project"), join(folder, "home")];
  const llm = await startScriptedLlm();
  try {
    await prepare(agent, project, { llm: llm.url, home, bin });
    const startedAt = performance.now();
    const env = { ...withThisNode(), HOME: home, TMPDIR: join(folder, "tmp") };
    const argv = [...troupe, "run", "objective.md", "--plain", "--no-input"];
    const ended = await runQuietly(argv, { cwd: project, env, timeoutMs: RUN_MS });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    if (record !== null) await keepLogs(project, join(record, agent.name.replace(":", "-")));
    const found = look(project, agent);
    if (ended.code !== 0 || found.length > 0) return { outcome: "failed", text: describe(ended, found, llm, project) };
    const verdict = agent.verdict === "tool" ? "the verdict by tool" : "the verdict in the text";
    return { outcome: "passed", text: `2 stages, a file, ${verdict}, ${llm.asked()} requests, ${seconds} s` };
  } finally {
    await llm.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function prepare({ configure, files }: TriedAgent, project: string, place: Place): Promise<void> {
  await mkdir(project);
  await mkdir(join(dirname(project), "tmp"));
  await mkdir(place.home);
  for (const [path, content] of Object.entries(files?.(place) ?? {})) {
    await mkdir(dirname(join(place.home, path)), { recursive: true });
    await writeFile(join(place.home, path), content);
  }
  await writeFile(join(project, "objective.md"), "# Objective: Write the files\n\n## Goals\n- Each stage leaves one\n");
  await writeFile(join(project, "stages.yaml"), STAGES);
  await writeFile(join(project, "troupe.yaml"), JSON.stringify({ agents: { default: configure(place) } }));
  await runQuietly(["git", "init", "-q"], { cwd: project, env: process.env, timeoutMs: RUN_MS });
}

function describe({ code, output }: Ended, found: readonly string[], llm: ScriptedLlm, project: string): string {
  const others = [...new Set(llm.others())];
  return [
    `exit code ${code}`,
    ...found,
    `${llm.asked()} requests for moves; also asked for: ${others.join(", ") || "nothing"}`,
    output.trimEnd().slice(-3000),
    ...logsOf(project).map((file) => `--- ${file}\n${readFileSync(file, "utf8").slice(-1500)}`),
  ].join("\n");
}

async function keepLogs(project: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of logsOf(project)) await copyFile(file, join(folder, file.split("/").at(-1) ?? ""));
}

function logsOf(project: string): readonly string[] {
  const logs = join(runFolder(project), "logs");
  return existsSync(logs) ? readdirSync(logs).map((name) => join(logs, name)) : [];
}

function runFolder(project: string): string {
  const runs = join(project, ".troupe", "runs");
  const [only = ""] = existsSync(runs) ? readdirSync(runs) : [];
  return join(runs, only);
}

/** What is not as it should be. */
function look(project: string, { verdict }: TriedAgent): readonly string[] {
  const problems: string[] = [];
  const file = join(project, "WRITE.txt");
  const text = existsSync(file) ? readFileSync(file, "utf8").trim() : "missing";
  if (text !== "written in WRITE") problems.push(`WRITE.txt: ${text}`);
  const sources = verdictsOf(project);
  if (sources.join() !== verdict) problems.push(`verdicts by: ${sources.join(", ") || "nobody"}`);
  return problems;
}

function verdictsOf(project: string): readonly string[] {
  const journal = join(runFolder(project), "journal.jsonl");
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  return lines
    .flatMap((line) => objectsIn(unpackEvents(JSON.parse(line).events)))
    .filter(({ type }) => type === "review.concluded")
    .flatMap(({ verdict }) => objectsIn([verdict]).map(({ source }) => String(source)));
}
