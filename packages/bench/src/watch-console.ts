import {
  type PluginHost,
  type ProgressReporter,
  randomHex,
  silentLogger,
  systemClock,
  type TextSink,
  type TurnRunner,
} from "@troupe/core";
import { createMemoryStore } from "@troupe/core/memory";
import consolePlugin from "@troupe/progress-console";
import { idleRunner, prepareRun, timeRun } from "./engine-run.js";
import { group } from "./workflows.js";

const LINES_PER_SECOND = 10;

export interface ConsoleReport {
  /** In a second. */
  readonly redraws: number;
  /** Of one core, more than without a view. */
  readonly percent: number;
}

/** Runs so many stages for so many seconds, once unwatched and once with the live view. */
export async function watchConsole(stages: number, seconds: number): Promise<ConsoleReport> {
  const screen = createScreen();
  const reporter = await consolePlugin.create({ mode: "live", color: true, timeZone: "UTC" }, hostOf(screen.sink));
  const unwatched = await cpuOf(stages, seconds, []);
  const watched = await cpuOf(stages, seconds, [reporter]);
  await reporter.close?.();
  return {
    redraws: screen.writes() / seconds,
    percent: Math.max(0, ((watched - unwatched) / (seconds * 1000)) * 100),
  };
}

/** Processor milliseconds of the whole process. */
async function cpuOf(stages: number, seconds: number, reporters: readonly ProgressReporter[]): Promise<number> {
  const run = { store: createMemoryStore(), workflow: group(stages), concurrency: stages };
  const engine = await prepareRun({ ...run, runner: talkative(seconds), reporters });
  const before = process.cpuUsage();
  await timeRun(engine);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function talkative(seconds: number): TurnRunner {
  return {
    run: async (task, context) => {
      for (let line = 1; line <= seconds * LINES_PER_SECOND; line += 1) {
        await systemClock.wait(1000 / LINES_PER_SECOND);
        context.progress({ type: "output", text: `${task.turn} has come to line ${line}\n` });
      }
      return await idleRunner.run(task, context);
    },
  };
}

function createScreen(): { readonly sink: TextSink; readonly writes: () => number } {
  let count = 0;
  const write = (): void => {
    count += 1;
  };
  return { sink: { write, isTerminal: true, size: () => ({ columns: 120, rows: 80 }) }, writes: () => count };
}

function hostOf(sink: TextSink): PluginHost {
  return {
    clock: systemClock,
    randomHex,
    environment: { TERM: "xterm-256color" },
    streams: { stdout: sink, stderr: sink },
    projectFolder: process.cwd(),
    stateFolder: process.cwd(),
    logger: silentLogger,
  };
}
