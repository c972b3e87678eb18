import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackEvents } from "@troupe/core";
import { onTestFinished, vi } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
export const BIN: string = join(here, "..", "dist", "bin.cjs");
export const STEP: string = join(here, "fixtures", "step.mjs");
export const STUBBORN: string = join(here, "fixtures", "stubborn.mjs");
export const FAMILY: string = join(here, "fixtures", "family.mjs");
export const AGENT: string = join(here, "fixtures", "agent.mjs");
export const RUDE: string = join(here, "fixtures", "rude.sh");
export const FLAKY: string = join(here, "fixtures", "flaky.mjs");

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** A project in a folder of its own, removed with everything that still runs in it when the test is over. */
export interface TestProject {
  readonly folder: string;
  write(name: string, text: string): Promise<void>;
  read(name: string): string;
  has(name: string): boolean;
  /** Starts the built command line, as a person would. */
  start(...args: readonly string[]): Running;
  run(...args: readonly string[]): Promise<Finished>;
  /** Lines of calls.log that begin with `start`. */
  starts(): readonly string[];
  /** Resolves when the file has this line. */
  line(file: string, line: string): Promise<void>;
  /** Ids of processes that belong to a run of this project. */
  leftovers(): readonly number[];
  /** The only run's folder. */
  runFolder(): string;
}

export async function createProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-e2e-"));
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) child.kill("SIGKILL");
    for (const pid of marked(folder)) process.kill(pid, "SIGKILL");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
  const start = (...args: readonly string[]): Running => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return { child, finished: collect(child) };
  };
  return {
    folder,
    write,
    read,
    has: (name) => existsSync(join(folder, name)),
    start,
    run: async (...args) => await start(...args).finished,
    starts: () =>
      read("calls.log")
        .split("\n")
        .filter((line) => line.startsWith("start ")),
    line: async (file, line) => {
      await vi.waitFor(
        () => {
          if (!read(file).split("\n").includes(line)) throw new Error(`${file} has no line "${line}":\n${read(file)}`);
        },
        { timeout: 60_000, interval: 10 },
      );
    },
    leftovers: () => marked(folder),
    runFolder: () => {
      const [only] = readdirSync(join(folder, ".troupe", "runs"));
      return join(folder, ".troupe", "runs", only ?? "");
    },
  };
}

async function collect(child: ChildProcess): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Living processes whose environment has a turn's marker and whose working folder is the project. */
function marked(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        return environment.includes("TROUPE_TURN=") && environment.includes(folder);
      } catch {
        return false; // gone, or not ours to read
      }
    });
}

/**
 * A workflow of command stages that run step.mjs, or another program, in this order; groups are named with their
 * members.
 */
export function stepWorkflow(
  stages: readonly string[],
  groups: Readonly<
    Record<string, { readonly stages: readonly string[]; readonly max?: number; readonly failFast?: boolean }>
  > = {},
  programs: Readonly<Record<string, string>> = {},
): string {
  const lines = ["stages:"];
  for (const id of stages) {
    const program = JSON.stringify(programs[id] ?? STEP);
    lines.push(`  ${id}: { run: [${JSON.stringify(process.execPath)}, ${program}, ${id}] }`);
  }
  if (Object.keys(groups).length > 0) lines.push("parallel_groups:");
  for (const [name, group] of Object.entries(groups)) {
    lines.push(`  ${name}:`, `    stages: [${group.stages.join(", ")}]`);
    if (group.max !== undefined) lines.push(`    max_concurrent: ${group.max}`);
    if (group.failFast === true) lines.push("    on_failure: fail_fast");
  }
  return `${lines.join("\n")}\n`;
}

/** What `status --json` says: the run, and each stage by its id. */
export async function statusOf(project: TestProject): Promise<{
  readonly runId: string;
  readonly run: string;
  readonly stages: Readonly<Record<string, string>>;
}> {
  const { stdout } = await project.run("status", "--json");
  const report: { runId: string; status: string; stages: readonly { id: string; status: string }[] } =
    JSON.parse(stdout);
  const stages = Object.fromEntries(report.stages.map(({ id, status }) => [id, status]));
  return { runId: report.runId, run: report.status, stages };
}

/** The events of the only run's journal, in order; lines that lost against another process's count no more than for Troupe. */
export function eventsOf(project: TestProject): readonly JournalEvent[] {
  const lines = readFileSync(join(project.runFolder(), "journal.jsonl"), "utf8").split("\n");
  let last = "00000000";
  return lines.flatMap((line) => {
    if (line === "") return [];
    const { prev, crc, events } = JSON.parse(line);
    if (prev !== last) return [];
    last = crc;
    return unpackEvents(events);
  });
}

export interface JournalEvent {
  readonly type: string;
  readonly turn?: string | null;
  readonly stage?: string;
  readonly round?: number;
  readonly result?: { readonly status: string; readonly checks?: readonly { readonly passed: boolean }[] };
  readonly verdict?: { readonly decision: string; readonly source?: string };
}

export const OBJECTIVE: string = "# Objective: Try it\n\n## Goals\n- It works\n";

/** Makes a git repository of the folder, so that reviews have evidence. */
export function gitInit(folder: string): void {
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-qm", "start");
}
