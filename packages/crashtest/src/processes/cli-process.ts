import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CrashProject } from "./crash-project.js";

const packages = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
/** The built command line. */
export const BIN: string = join(packages, "cli", "dist", "bin.cjs");
const PRELOAD = join(packages, "crashtest", "fixtures", "preload.mjs");

/** How a command is started. */
export interface Launch {
  readonly args: readonly string[];
  /** Commands in front of the command line, such as strace or prlimit; those that fork hide its id. */
  readonly wrap?: readonly string[];
  /** See fixtures/preload.mjs. */
  readonly seed?: string;
  readonly clock?: string;
  readonly hurry?: string;
}

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  hasEnded(): boolean;
  /** What it has said until now. */
  stderr(): string;
}

let started = 0;

/**
 * Starts the built command line in the project, as a person would. Its output goes to files, so that everything is
 * there when it has ended, also when a tracer or an orphan still holds the descriptors.
 */
export function startCli(project: CrashProject, launch: Launch): Running {
  started += 1;
  const outFile = join(project.outside, `out-${started}`);
  const errFile = join(project.outside, `err-${started}`);
  const [out, err] = [openSync(outFile, "wx"), openSync(errFile, "wx")];
  const [command = "", ...rest] = [
    ...(launch.wrap ?? []),
    ...[process.execPath, "--import", PRELOAD, BIN, ...launch.args],
  ];
  const child = spawn(command, rest, {
    cwd: project.folder,
    stdio: ["ignore", out, err],
    env: variables(project, launch),
  });
  closeSync(out);
  closeSync(err);
  const read = (file: string): string => readFileSync(file, "utf8");
  let hasEnded = false;
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", (error) => {
      hasEnded = true;
      reject(error);
    });
    child.once("exit", (code, signal) => {
      hasEnded = true;
      resolve({ code, signal, stdout: read(outFile), stderr: read(errFile) });
    });
  });
  return { pid: child.pid ?? 0, finished, hasEnded: () => hasEnded, stderr: () => read(errFile) };
}

export async function runCli(project: CrashProject, ...args: readonly string[]): Promise<Finished> {
  return await startCli(project, { args }).finished;
}

/** One thread of libuv's pool: strace counts by thread, so with more of them a point would not be repeatable. */
function variables(project: CrashProject, { seed, clock, hurry }: Launch): NodeJS.ProcessEnv {
  const variables = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: join(project.outside, "home"),
    TMPDIR: join(project.outside, "tmp"),
    NODE_COMPILE_CACHE: join(tmpdir(), "troupe-crash-compile-cache"), // shared: the one thing that may lie elsewhere
    UV_THREADPOOL_SIZE: "1",
    CRASHTEST_PLAYER: project.player,
    CRASHTEST_SEED: seed,
    CRASHTEST_RUN: project.runSuffix,
    CRASHTEST_CLOCK: clock,
    CRASHTEST_HURRY: hurry,
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}
