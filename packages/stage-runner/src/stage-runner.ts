import type { LogRef, LogWriter, RunnerHost, TurnContext, TurnResult, TurnRunner, TurnTask } from "@troupe/core";
import { forgetProcesses, turnMarker } from "@troupe/process";
import { performAgentTurn } from "./agent-turn.js";
import { performChecks } from "./check-turn.js";
import { performCommand } from "./command-turn.js";
import { createWriters } from "./declared-artifacts.js";
import { endAbandonedTurn } from "./end-abandoned.js";
import { createKnownFacts } from "./known-facts.js";
import { createMaskingHost, maskerOf, maskStrings } from "./mask-secrets.js";
import { createLeftoverMask } from "./mask-unrecorded.js";
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
export function createStageRunner(_options: StageRunnerOptions, given: RunnerHost): TurnRunner {
  const host = createMaskingHost(given);
  const writers = createWriters();
  const leftovers = createLeftoverMask(writers);
  const oneByOne = createQueue();
  const prepare = (scope: TurnScope): Promise<PreparedArtifacts> =>
    oneByOne(async () => {
      const prepared = await prepareArtifacts(scope, writers);
      writers.enter(scope.task); // from now on: what lay there before is nobody's work in progress
      return prepared;
    });
  const perform = async (scope: TurnScope): Promise<TurnEnding> => {
    try {
      const prepared = await prepare(scope);
      if (scope.context.signal.aborted) return interrupted(scope.context.signal);
      return await performTurn(scope, prepared);
    } finally {
      await oneByOne(async () => {
        await leftovers.apply(scope);
        writers.leave(scope.task); // in turn: of turns that end together the last finds itself alone
      });
      scope.output.end();
    }
  };
  return {
    async run(task, context) {
      try {
        return await runTurn(task, context, host, perform);
      } finally {
        writers.leave(task);
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
  return { ...maskStrings(ending, maskerOf(host)), log: await closeLog(log, context) };
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
    marker: turnMarker({ ...task, stateFolder: host.stateFolder }),
    output: createTurnOutput(log, context, maskerOf(host)),
    known: createKnownFacts(folders.known(task.turn), context.logger),
    noteProcess(pid, startTime = null) {
      notes.add(pid, startTime);
      context.progress({ type: "process", pid });
    },
  };
}

/** Only one turn at a time: two that prepare the same folder would undo each other's work. */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {}); // whoever asked for it gets the error
    return next;
  };
}

/** Then their notes are kept: a takeover tries again to end them. */
function hasProcessesLeft(ending: TurnEnding): boolean {
  return ending.status === "failed" && Array.isArray(ending.error.details?.pids);
}

async function forgetTurn({ folders, task, context, known }: TurnScope): Promise<void> {
  try {
    await forgetProcesses(folders.run, task.turn);
    known.forget();
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
