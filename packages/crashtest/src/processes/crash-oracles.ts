import type { CaseResult } from "../crash-suite.js";
import type { Finished } from "./cli-process.js";
import type { Call, CrashProject } from "./crash-project.js";
import { differences, type FinalState, finalStateOf } from "./final-state.js";
import { type Probe, probeRun } from "./probe-store.js";
import { leftovers } from "./project-processes.js";

/** What was durable, and what had been called, when a process died. */
export interface Snapshot {
  /** Position of the newest entry. */
  readonly seq: number;
  readonly completed: ReadonlySet<string>;
  /** Turns with a durable success, as stage.kind.round. */
  readonly settled: ReadonlySet<string>;
  /** Calls until then. */
  readonly calls: number;
}

export function snapshotOf(project: CrashProject, probe: Probe | null): Snapshot {
  const completed = new Set<string>();
  const settled = new Set<string>();
  const names = new Map<string, string>();
  for (const { events } of probe?.entries ?? []) {
    for (const event of events) {
      if (event.type === "stage.completed") completed.add(event.stage);
      if (event.type === "turn.started") names.set(event.turn, `${event.stage}.${event.kind}.${event.round}`);
      if (event.type === "turn.settled" && event.result.status === "succeeded") {
        settled.add(names.get(event.turn) ?? event.turn);
      }
    }
  }
  return { seq: probe?.entries.at(-1)?.seq ?? 0, completed, settled, calls: project.calls().length };
}

const keyOf = ({ stage, kind, round }: Call): string => `${stage}.${kind}.${round}`;

/** What was not as promised. `other`: everything that has no count of its own in a report. */
export interface Problem {
  readonly kind: "rerun" | "lost" | "left" | "other";
  readonly text: string;
}

export function other(...texts: readonly string[]): readonly Problem[] {
  return texts.map((text) => ({ kind: "other", text }));
}

/**
 * Nothing that was durable is performed again after a crash, and nothing more than once more per crash. A stage that
 * failed and was started anew by hand begins with its first round.
 */
export async function judgeCalls(project: CrashProject, crashes: readonly Snapshot[]): Promise<readonly Problem[]> {
  const calls = project.calls();
  const probe = await probeRun(project);
  const resets = resetsOf(probe);
  const isReset = (stage: string, since: number): boolean => resets.some((it) => it.stage === stage && it.seq > since);
  const problems: Problem[] = [];
  for (const [index, { seq, completed, settled, calls: count }] of crashes.entries()) {
    for (const call of calls.slice(count)) {
      if (call.at !== "start") continue;
      const after = `after crash ${index + 1}`;
      if (completed.has(call.stage)) problems.push({ kind: "rerun", text: `stage ${call.stage} ran again ${after}` });
      else if (settled.has(keyOf(call)) && !isReset(call.stage, seq)) {
        problems.push(...other(`turn ${keyOf(call)} ran again ${after}`));
      }
    }
  }
  const starts = calls.filter(({ at }) => at === "start");
  for (const [key, count] of countBy(starts.map(keyOf))) {
    const interrupted = crashes.filter(({ settled }) => !settled.has(key)).length;
    const most = 1 + interrupted + resets.filter(({ stage }) => key.startsWith(`${stage}.`)).length;
    if (count > most)
      problems.push(
        ...other(
          `turn ${key} ran ${count} times, at most ${most} were allowed: ${attemptsOf(starts, key)} ${failuresOf(probe)}`,
        ),
      );
  }
  for (const [id, count] of countBy(starts.map(({ run, epoch, turn }) => `${run}/${epoch}/${turn}`))) {
    if (count > 1) problems.push(...other(`turn id ${id} was used ${count} times`));
  }
  return problems;
}

function resetsOf(probe: Probe | null): readonly { readonly stage: string; readonly seq: number }[] {
  return (probe?.entries ?? []).flatMap(({ seq, events }) =>
    events.flatMap((event) => (event.type === "stage.reset" ? [{ stage: event.stage, seq }] : [])),
  );
}

/** Why turns failed, for whoever reads that one ran again. */
function failuresOf(probe: Probe | null): string {
  const events = (probe?.entries ?? []).flatMap((entry) => entry.events);
  const failures = events.flatMap((event) =>
    event.type === "turn.settled" && event.result.status === "failed"
      ? [`${event.turn}: ${event.result.error.code} ${event.result.error.message}`]
      : [],
  );
  return failures.length === 0 ? "" : `(failed: ${failures.join("; ")})`;
}

/** Turn ids with the claim that started each. */
function attemptsOf(starts: readonly Call[], key: string): string {
  return starts.flatMap((call) => (keyOf(call) === key ? [`${call.turn} of claim ${call.epoch}`] : [])).join(", ");
}

function countBy(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** One line that says why, with a code, if it failed; never a stack trace. */
export function judgeEnd(what: string, end: Finished, expectedCode: number): readonly Problem[] {
  const problems: string[] = [];
  if (end.signal !== null) problems.push(`${what} ended by ${end.signal}`);
  else if (end.code !== expectedCode) problems.push(`${what} ended with ${end.code}: ${lastLines(end.stderr)}`);
  if (/\[INTERNAL\]|^ +at .+:\d+:\d+/m.test(end.stderr))
    problems.push(`${what} shows a stack: ${lastLines(end.stderr)}`);
  // as a line of text, or with `--json` as an object
  if (
    expectedCode > 1 &&
    !/^(?:error: .+ \[[A-Z_]+\]|\{"version":1,"error":\{"code":"[A-Z_]+",.+\}\})$/m.test(end.stderr)
  ) {
    problems.push(`${what} gives no reason: ${lastLines(end.stderr)}`);
  }
  if (expectedCode <= 1 && /^error: /m.test(end.stderr))
    problems.push(`${what} reports an error: ${lastLines(end.stderr)}`);
  return other(...problems);
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-4).join(" | ");
}

/** The plan that `resume --plan --json` showed, against what the journal says of the time after it. */
export function judgePlan(plan: Finished, probe: Probe, since: number): readonly Problem[] {
  if (plan.code !== 0) return other(`resume --plan ended with ${plan.code}: ${lastLines(plan.stderr)}`);
  const shown: Plan = JSON.parse(plan.stdout);
  const willRun = shown.cancelRequested ? [] : shown.stages.filter(({ action }) => action === "run");
  const events = probe.entries.filter(({ seq }) => seq > since).flatMap((entry) => entry.events);
  const ran = new Set<string>();
  for (const event of events) {
    if (event.type === "turn.started" || event.type === "stage.completed") ran.add(event.stage);
  }
  const planned = willRun.map(({ stage }) => stage);
  const isWhole = probe.state.status === "succeeded";
  return other(
    ...[...ran].filter((stage) => !planned.includes(stage)).map((stage) => `${stage} ran, the plan keeps it`),
    ...planned.filter((stage) => isWhole && !ran.has(stage)).map((stage) => `${stage} did not run, the plan runs it`),
  );
}

interface Plan {
  readonly cancelRequested: boolean;
  readonly stages: readonly { readonly stage: string; readonly action: string }[];
}

/** The end of a case: state, processes, files. */
export async function judgeOutcome(
  project: CrashProject,
  probe: Probe | null,
  expected: FinalState,
): Promise<readonly Problem[]> {
  if (probe === null) return [{ kind: "lost", text: "there is no run in the end" }];
  const alive = await leftovers(project.folder);
  return [
    ...differences(expected, finalStateOf(project, probe)).map((text) => ({ kind: "lost", text }) as const),
    ...alive.map((pid) => ({ kind: "left", text: `process ${pid} is left` }) as const),
    ...other(...project.strangers().map((file) => `${file} was written outside the state folder`)),
  ];
}

/** What a case comes to in the table of all suites. */
export function caseResult(scenario: string, id: string, points: number, problems: readonly Problem[]): CaseResult {
  const count = (kind: Problem["kind"]): number => problems.filter((problem) => problem.kind === kind).length;
  return {
    scenario,
    id,
    points,
    rerunStages: count("rerun"),
    lostOutputs: count("lost"),
    processesLeft: count("left"),
    violations: problems.map(({ text }) => text),
  };
}
