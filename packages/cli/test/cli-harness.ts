import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { randomHex, systemClock } from "@troupe/core";
import { onTestFinished, vi } from "vitest";
import type { CliHost, StopSignal } from "../src/cli-host.js";
import { runCli } from "../src/run-cli.js";

/** What a command left; run ids, times and the project's folder are named, everything else is as it was printed. */
interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in this process, on a project in a folder of its own. */
export interface TestCli {
  readonly folder: string;
  run(...args: readonly string[]): Promise<Outcome>;
  /** With another world: other folder, standard input, answers. */
  runWith(changes: Partial<CliHost>, ...args: readonly string[]): Promise<Outcome>;
  /** {@link TestCli.run} as one text, for whole-output comparison. */
  shown(...args: readonly string[]): Promise<string>;
  shownWith(changes: Partial<CliHost>, ...args: readonly string[]): Promise<string>;
  /** As it was printed, run ids and times included. */
  raw(...args: readonly string[]): Promise<Outcome>;
  write(name: string, text: string): Promise<void>;
  read(name: string): string;
  has(name: string): boolean;
  /** Resolves when the file exists. */
  appears(name: string): Promise<void>;
  /** Ids of all runs. */
  runs(): readonly string[];
  /** The id of the only run. */
  runId(): string;
  /** Resolves when the journal of the only run has this text. */
  journaled(text: string): Promise<void>;
  /** Fires a signal at the commands that run. */
  signal(name: StopSignal): void;
  /** How many commands listen for signals. */
  listeners(): number;
  /** What `exitNow` was called with. */
  readonly exits: readonly number[];
}

const RUN_ID = /[A-Za-z0-9][\w.-]*-\d{4}-\d\d-\d\d-[0-9a-f]{6}/g;

export async function createCli(files: Readonly<Record<string, string>> = {}): Promise<TestCli> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-cli-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const listeners = new Set<(signal: StopSignal) => void>();
  const exits: number[] = [];
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const perform = async (changes: Partial<CliHost>, args: readonly string[]): Promise<Outcome> => {
    let stdout = "";
    let stderr = "";
    const host: CliHost = {
      environment: { PATH: process.env.PATH, HOME: process.env.HOME, USER: "tester" },
      cwd: folder,
      stdout: sink((text) => {
        stdout += text;
      }),
      stderr: sink((text) => {
        stderr += text;
      }),
      clock: systemClock,
      randomHex,
      readStdin: async () => "",
      ask: null,
      onSignal: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      exitNow: (code) => void exits.push(code),
      ...changes,
    };
    const code = await runCli(args, host);
    return { code, stdout, stderr };
  };
  const named = ({ code, stdout, stderr }: Outcome): Outcome => ({
    code,
    stdout: nameVariable(stdout, folder),
    stderr: nameVariable(stderr, folder),
  });
  const runs = (): readonly string[] =>
    existsSync(join(folder, ".troupe/runs")) ? readdirSync(join(folder, ".troupe/runs")) : [];
  const runId = (): string => {
    const [only, ...others] = runs();
    if (only === undefined || others.length > 0) throw new Error(`not one run, but: ${runs().join(", ")}`);
    return only;
  };
  return {
    folder,
    run: async (...args) => named(await perform({}, args)),
    runWith: async (changes, ...args) => named(await perform(changes, args)),
    shown: async (...args) => render(named(await perform({}, args))),
    shownWith: async (changes, ...args) => render(named(await perform(changes, args))),
    raw: async (...args) => await perform({}, args),
    write,
    read: (name) => readFileSync(join(folder, name), "utf8"),
    has: (name) => existsSync(join(folder, name)),
    appears: async (name) => {
      await vi.waitUntil(() => existsSync(join(folder, name)), { timeout: 60_000, interval: 10 });
    },
    runs,
    runId,
    journaled: async (text) => {
      await vi.waitFor(
        () => {
          const journal = readFileSync(join(folder, ".troupe/runs", runId(), "journal.jsonl"), "utf8");
          if (!journal.includes(text)) throw new Error(`the journal has no ${text}:\n${journal}`);
        },
        { timeout: 60_000, interval: 10 },
      );
    },
    signal: (name) => {
      for (const listener of listeners) listener(name);
    },
    listeners: () => listeners.size,
    exits,
  };
}

function render({ code, stdout, stderr }: Outcome): string {
  return `exit ${code}\n${stdout === "" ? "" : `--- stdout\n${stdout}`}${stderr === "" ? "" : `--- stderr\n${stderr}`}`;
}

function sink(write: (text: string) => void): CliHost["stdout"] {
  return { write, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
}

/** Names what differs from run to run. */
function nameVariable(text: string, folder: string): string {
  return text
    .replaceAll(folder, "PROJECT")
    .replace(RUN_ID, "RUN")
    .replace(/\bbyte \d+/g, "byte N")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "DATE")
    .replace(/\b\d\d:\d\d:\d\d\b/g, "TIME")
    .replace(/\b(?:\d+m )?[\d.]+ ?(?:ms|s)\b/g, "SPAN")
    .replaceAll(`process ${process.pid} on ${hostname()}`, "process PID on HOST");
}

/** A cassette with these lines; agent `worker` and round 1 unless said otherwise. */
export function cassette(...lines: readonly Readonly<Record<string, unknown>>[]): string {
  return lines
    .map((line) => `${JSON.stringify({ round: 1, turn: "work", agent: "worker", output: "done", ...line })}\n`)
    .join("");
}

/** The source of a plugin's module; `create` is the text of a function. */
export function pluginModule(kind: string, create: string, changes: Readonly<Record<string, string>> = {}): string {
  const fields: Readonly<Record<string, string>> = {
    kind: JSON.stringify(kind),
    name: '"third-party"',
    apiVersion: "1",
    options: '{ "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } }',
    create,
    ...changes,
  };
  const lines = Object.entries(fields).map(([name, text]) => `  ${name}: ${text},\n`);
  return `export default {\n${lines.join("")}};\n`;
}

/** An agent that ends when it is killed, and not before; it leaves a file `started`. */
export const PATIENT_AGENT: string = pluginModule(
  "agent",
  `(options, { projectFolder }) => ({
    run: (request, { kill }) => new Promise((resolve, reject) => {
      process.getBuiltinModule("node:fs").writeFileSync(projectFolder + "/started", "");
      kill.addEventListener("abort", () => reject(new Error("killed")), { once: true });
    }),
  })`,
);

export const OBJECTIVE: string = "# Objective: Try it\n\n## Goals\n- It works\n";

/** Two stages of one agent that leave nothing but their answers. */
export const TWO_STAGES: string = `stages:
  FIRST: { work_agent: worker, artifacts: [] }
  SECOND: { work_agent: worker, artifacts: [] }
`;

/** What {@link TWO_STAGES} needs, played from a cassette. */
export const TWO_STAGE_FILES: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "stages.yaml": TWO_STAGES,
  "tape.jsonl": cassette({ stage: "FIRST", output: "first answer" }, { stage: "SECOND", output: "second answer" }),
  "troupe.yaml": 'agents:\n  default: ["replay", { file: tape.jsonl }]\n',
};

/** {@link TWO_STAGE_FILES} with a first stage that takes an hour. */
export const LONG: Readonly<Record<string, string>> = {
  ...TWO_STAGE_FILES,
  "tape.jsonl": cassette({ stage: "FIRST", delayMs: 3_600_000 }),
};
/** {@link TWO_STAGE_FILES} with a second stage that fails. */
export const HALF: Readonly<Record<string, string>> = {
  ...TWO_STAGE_FILES,
  "tape.jsonl": cassette({ stage: "FIRST", output: "first answer" }),
};

/** What is left of a run whose process is gone: its journal, and nobody who holds it. */
export async function createStalled(): Promise<TestCli> {
  const living = await createCli(LONG);
  const running = living.run("run", "objective.md");
  await living.journaled("turn.started");
  const dead = await createCli(LONG);
  const run = join(".troupe/runs", living.runId());
  await mkdir(join(dead.folder, run), { recursive: true });
  await cp(join(living.folder, run, "journal.jsonl"), join(dead.folder, run, "journal.jsonl"));
  living.signal("SIGINT");
  await running;
  return dead;
}
