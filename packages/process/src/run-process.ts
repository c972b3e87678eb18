import { type Clock, type CommandLine, systemClock } from "@troupe/core";
import { askToStop, type Conversation, openConversation } from "./conversation.js";
import { type EndingLadder, endChild } from "./end-child.js";
import { endListed, listTree } from "./end-listed.js";
import { limitMark } from "./limit-mark.js";
import { type LimitReached, watchLimits } from "./limit-watch.js";
import { type ListedProcess, listerOf, type ProcessLister } from "./listed-processes.js";
import { scanTree, type TreeRoot } from "./process-tree.js";
import { drainOutput, readOutput } from "./read-output.js";
import { type ExitStatus, hasExited, type StartedChild, spawnChild, writeInput } from "./spawn-child.js";
import { DEFAULT_SWEEP_MS, sweep } from "./sweep.js";

/** A program to be run, with its folder, its environment and its limits. */
export interface ProcessRequest {
  readonly command: CommandLine;
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment but for the marker. */
  readonly env: Readonly<Record<string, string>>;
  /** Given on standard input, which is then closed; null = standard input is empty; or what is said and heard while it runs. */
  readonly input: string | null | Conversation;
  /** The value of `TROUPE_TURN` in the environment; by it processes that left the group are found. */
  readonly marker: string;
  /** From the start; null = unbounded. */
  readonly timeoutMs: number | null;
  /** Without any output while no tool runs; null = unbounded. */
  readonly idleTimeoutMs: number | null;
  /** Idle time does not count while this is true; without it no tool ever runs. */
  readonly toolRunning?: () => boolean;
  /** Milliseconds so far that do not count towards `timeoutMs`, such as those in which a person was asked. */
  readonly pausedMs?: () => number;
  readonly ladder?: EndingLadder;
  /** Raw bytes as they come. */
  readonly onOutput: (chunk: Uint8Array, source: "stdout" | "stderr") => void;
  /**
   * The program has closed its standard input, or has ended, before all of the text in `input` was handed over; what the
   * system keeps for it counts as handed over.
   */
  readonly onInputUnread?: () => void;
  /**
   * In the same moment as the start: the place to note the process. `startTime`: as `readStartTime` tells it where there
   * is `/proc`; else null, and to be asked for.
   */
  readonly onStarted?: (pid: number, startTime: number | null) => void;
  /** Abort = end it, with the grace periods of `ladder`. */
  readonly signal: AbortSignal;
  /** Abort = end it at once. */
  readonly kill?: AbortSignal;
  /** For the time limits and grace periods; the real one unless given. */
  readonly clock?: Clock;
}

/** How a process ended, and why. */
export interface ProcessOutcome extends ExitStatus {
  /** `exited`: by itself, or by a signal that was not ours. */
  readonly ended: "exited" | LimitReached;
  readonly durationMs: number;
}

/** Within this time process numbers cannot wrap around past a child's unnoticed. */
const SHORT_MS = 500;
const NONE: ReadonlySet<string> = new Set();

/**
 * Runs a program in a session of its own. It settles only when nothing of the whole tree runs any more: after an end
 * of its own, a time limit and an abort alike, processes that left the group, lost their parent or cleared their
 * environment included (where `/proc` shows them). Its end is its exit, not the closing of its pipes.
 *
 * Rejects `PROCESS_NOT_STARTED` (details.reason, see {@link StartFailureReason}), `PROCESS_NOT_ENDED` (details.pids) when a
 * process could not be ended, and with whatever `onOutput` or `onStarted` threw, once the tree has ended.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  const { clock = systemClock, signal, kill = new AbortController().signal } = request;
  const startedAt = clock.monotonic();
  if (signal.aborted || kill.aborted) return { exitCode: null, signal: null, ended: "aborted", durationMs: 0 };
  const guard = createGuard();
  const bornAt = performance.now();
  const started = await spawnChild({
    ...request,
    hasInput: request.input !== null,
    onStarted: (pid, startTime) => guard.act(() => request.onStarted?.(pid, startTime)),
  });
  const root = { pid: started.pid, startTime: started.startTime, ours: true };
  const watch = watchLimits({
    clock,
    timeoutMs: request.timeoutMs,
    idleTimeoutMs: request.idleTimeoutMs,
    toolRunning: request.toolRunning ?? (() => false),
    ...(request.pausedMs === undefined ? {} : { pausedMs: request.pausedMs }),
    signals: [signal, kill, guard.broken],
  });
  const reading = readOutput(started.child, (chunk, source) => {
    watch.touch();
    guard.act(() => request.onOutput(chunk, source));
  });
  const { input } = request;
  const conversation = typeof input === "object" ? input : null;
  const unread = (): void => guard.act(() => request.onInputUnread?.());
  if (conversation === null) writeInput(started.child, typeof input === "string" ? input : null, unread);
  else guard.act(() => openConversation(conversation, started.child));

  const ended = await Promise.race([started.exit.then(() => "exited" as const), watch.reached]);
  watch.stop();
  let roots: readonly TreeRoot[] = [root];
  const lister = listerOf(process.platform);
  const tree = { root: started.pid, marker: request.marker };
  let known: readonly ListedProcess[] = [];
  if (ended !== "exited") {
    // who descends from whom is known only as long as the parents live
    roots = [root, ...findDescendants(root)];
    if (lister !== null) known = await listTree(lister, tree);
    const ladder = request.ladder ?? {};
    const isConversation = conversation !== null;
    const ending = { started, root, ladder, isConversation, clock, kill: guard.broken.aborted ? guard.broken : kill };
    if (conversation !== null) await askToStop(conversation, ending);
    await endChild(ending);
  }
  const status = await endTree({ started, roots, request, bornAt, known, lister });
  await drainOutput(started.child, reading);
  guard.check();
  return { ...status, ended, durationMs: clock.monotonic() - startedAt };
}

function findDescendants(root: TreeRoot): readonly TreeRoot[] {
  const query = { roots: [root], matches: null, limits: NONE, since: root.startTime, above: 0, freeze: false };
  return scanTree(query).members.map(({ pid, startTime }) => ({ pid, startTime, ours: false }));
}

interface Aftermath {
  readonly started: StartedChild;
  readonly lister: ProcessLister | null;
  readonly known: readonly ListedProcess[];
  /** The first is the child itself. */
  readonly roots: readonly TreeRoot[];
  readonly request: ProcessRequest;
  readonly bornAt: number;
}

/** Kills what is left of the tree; resolves once the process itself has been collected as well. */
async function endTree({ started, roots, request, bornAt, known, lister }: Aftermath): Promise<ExitStatus> {
  const limitMs = request.ladder?.killMs ?? DEFAULT_SWEEP_MS;
  // a number above the child's belongs to a younger process, unless there was time for all numbers to be used up
  const isShort = performance.now() - bornAt < SHORT_MS;
  const query = {
    roots,
    matches: (value: string) => value === request.marker,
    limits: new Set([limitMark(request.marker)]),
    since: roots[0]?.startTime ?? null,
    above: isShort && hasExited(started) ? started.pid : 0,
  };
  try {
    if (lister !== null) await endListed(lister, { root: started.pid, marker: request.marker, known }, limitMs);
    await sweep(query, limitMs);
  } catch (error) {
    // what cannot be ended must not hold us: neither by its pipes nor because it is our child
    for (const stream of started.child.stdio) stream?.destroy();
    started.child.unref();
    throw error;
  }
  return started.exit;
}

/** Runs the caller's functions; the first error breaks the run instead of the process. */
interface Guard {
  readonly broken: AbortSignal;
  act(call: () => void): void;
  /** Throws that first error. */
  check(): void;
}

function createGuard(): Guard {
  const broken = new AbortController();
  return {
    broken: broken.signal,
    act: (call) => {
      if (broken.signal.aborted) return;
      try {
        call();
      } catch (error) {
        broken.abort(error);
      }
    },
    check: () => broken.signal.throwIfAborted(),
  };
}
