import { rm } from "node:fs/promises";
import type { LogRef, LogWriter, RunnerHost, TurnContext, TurnResult, TurnRunner, TurnTask } from "@troupe/core";
import { forgetProcesses } from "@troupe/process";
import { performAgentTurn } from "./agent-turn.js";
import { performChecks } from "./check-turn.js";
import { performCommand } from "./command-turn.js";
import { createWriters } from "./declared-artifacts.js";
import { endAbandonedTurn } from "./end-abandoned.js";
import { createKnownFacts } from "./known-facts.js";
import { createProcessNotes, type ProcessNotes } from "./note-processes.js";
import { type PreparedArtifacts, prepareArtifacts } from "./prepare-artifacts.js";
import { runFolders } from "./run-folders.js";
import { endWithError, interrupted } from "./turn-ending.js";
import { createTurnOutput } from "./turn-output.js";
import type { TurnEnding, TurnScope } from "./turn-scope.js";

/** There is nothing to choose. */
export type StageRunnerOptions = Readonly<Record<string, never>>;

/**
 * Performs turns as workflows describe them: work, review and fix by an agent, checks and command stages by programs in
 * the working folder. `run` never rejects: whatever happens is a result, and by then nothing of the turn is running.
 */
export function createStageRunner(_options: StageRunnerOptions, host: RunnerHost): TurnRunner {
  const writers = createWriters();
  const prepare = createQueue((scope: TurnScope) => prepareArtifacts(scope, writers));
  const perform = async (scope: TurnScope): Promise<TurnEnding> => {
    const prepared = await prepare(scope);
    if (scope.context.signal.aborted) return interrupted(scope.context.signal);
    return performTurn(scope, prepared);
  };
  return {
    async run(task, context) {
      const leave = writers.enter(task);
      try {
        return await runTurn(task, context, host, perform);
      } finally {
        leave();
      }
    },
    endAbandoned: (task) => endAbandonedTurn(task, host),
  };
}

function performTurn(scope: TurnScope, prepared: PreparedArtifacts): Promise<TurnEnding> {
  if (scope.task.kind === "check") return performChecks(scope);
  if (scope.task.stage.kind === "command") return performCommand(scope);
  return performAgentTurn(scope, prepared);
}

async function runTurn(
  task: TurnTask,
  context: TurnContext,
  host: RunnerHost,
  perform: (scope: TurnScope) => Promise<TurnEnding>,
): Promise<TurnResult> {
  let log: LogWriter;
  try {
    log = await host.logs.open(task.runId, task.turn);
  } catch (error) {
    return { ...endWithError(error, context.signal), log: null };
  }
  const folders = runFolders(host.runFolder(task.runId));
  const { logger } = context;
  const notes = createProcessNotes({ folder: folders.run, turn: task.turn, clock: host.clock, logger });
  const scope = createScope({ task, context, host, folders, log, notes });
  let ending: TurnEnding;
  try {
    ending = await perform(scope);
  } catch (error) {
    const { usage, session } = scope.known;
    ending = { ...endWithError(error, context.signal), usage, session };
  }
  await notes.close();
  if (!hasProcessesLeft(ending)) await forgetTurn(scope);
  return { ...ending, log: await closeLog(log, context) };
}

interface ScopeParts extends Pick<TurnScope, "task" | "context" | "host" | "folders"> {
  readonly log: LogWriter;
  readonly notes: ProcessNotes;
}

function createScope({ task, context, host, folders, log, notes }: ScopeParts): TurnScope {
  return {
    task,
    context,
    host,
    folders,
    marker: `${task.runId}/${task.epoch}/${task.turn}`,
    output: createTurnOutput(log, context),
    known: createKnownFacts(folders.known(task.turn), context.logger),
    noteProcess(pid) {
      notes.add(pid);
      context.progress({ type: "process", pid });
    },
  };
}

/** Only one turn at a time: two that prepare the same folder would undo each other's work. */
function createQueue<Input, Result>(work: (input: Input) => Promise<Result>): (input: Input) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (input) => {
    const next = last.then(() => work(input));
    last = next.catch(() => {}); // whoever asked for it gets the error
    return next;
  };
}

/** Then their notes are kept: a takeover tries again to end them. */
function hasProcessesLeft(ending: TurnEnding): boolean {
  return ending.status === "failed" && Array.isArray(ending.error.details?.pids);
}

async function forgetTurn({ folders, task, context }: TurnScope): Promise<void> {
  try {
    await forgetProcesses(folders.run, task.turn);
    await rm(folders.known(task.turn), { force: true });
  } catch (error) {
    // notes of processes that are gone do no harm
    context.logger.warn(`${task.turn}: its notes could not be removed: ${String(error)}`);
  }
}

async function closeLog(log: LogWriter, context: TurnContext): Promise<LogRef | null> {
  try {
    return await log.close();
  } catch (error) {
    context.logger.warn(`the log is not complete: ${String(error)}`);
    return null;
  }
}
