import { type ResumePlan, type RunState, type ShapeChange, type StagePlan, sanitizeLine } from "@troupe/core";
import { behindApprovals } from "./behind-approvals.js";

/** What was typed beside the run's id and has to be typed again to do what a plan shows. */
export type TypedFlags = readonly string[];

/** A plan for a terminal. `left`: stages that `--until` leaves for another time. */
export function renderPlan(state: RunState, plan: ResumePlan, typed: TypedFlags, left: readonly string[] = []): string {
  const { runId, cancelRequested } = state;
  if (cancelRequested) {
    return `Run ${runId} was asked to be cancelled: resuming it ends it, and no stage runs.\nNothing was changed. To do it: troupe resume ${runId}\n`;
  }
  const { stages, vanished, asks } = plan;
  const behind = behindApprovals(state, plan);
  const width = Math.max(...[...stages, ...vanished].map(({ stage }) => stage.length)) + 2;
  const lines = [
    ...stages.map(
      (one) =>
        `  ${one.stage.padEnd(width)}${actionOf(one, left).padEnd(6)}${describeReason(one)}${isLeft(one, left) ? ", and is not needed" : describeBehind(behind.get(one.stage))}\n`,
    ),
    ...vanished.map(
      (one) => `  ${one.stage.padEnd(width)}${(one.asks ? "ask" : "drop").padEnd(6)}${describeVanished(one)}\n`,
    ),
  ];
  if (asks)
    return `Resuming ${runId} would ask what to do with what is finished\n${lines.join("")}\nNothing was changed.\n`;
  return `Resuming ${runId} would\n${lines.join("")}\nNothing was changed. To do it: ${commandOf(state, typed)}\n`;
}

function actionOf(one: StagePlan, left: readonly string[]): string {
  if (one.asks) return "ask";
  return isLeft(one, left) ? "leave" : one.action;
}

function isLeft({ stage, action }: StagePlan, left: readonly string[]): boolean {
  return action === "run" && left.includes(stage);
}

/** What keeps a stage from starting, as the rest of the sentence of {@link describeReason}. */
export function describeBehind(stages: readonly string[] = []): string {
  if (stages.length === 0) return "";
  return `, and waits until a person has approved ${stages.join(", ")}`;
}

/** The command that does what a plan shows. */
export function commandOf({ runId, status }: RunState, typed: TypedFlags): string {
  return ["troupe resume", runId, ...typed, ...(status === "cancelled" ? ["--yes"] : [])].join(" ");
}

/** Both answers to a plan that asks. */
export function choicesOf(state: RunState, typed: TypedFlags): readonly string[] {
  return ["--rerun-changed", "--keep-completed"].map((choice) => commandOf(state, [...typed, choice]));
}

/** Why a stage is kept or runs, as the end of a sentence that begins with its id. */
export function describeReason({ reason, from, changes, upstream }: StagePlan): string {
  const edited = changes.length === 0 ? "" : describeEdit(changes);
  switch (reason) {
    case "finished":
      return `is finished${edited === "" ? "" : `, before ${edited}`}`;
    case "skipped":
      return "is skipped";
    case "approval":
      return "waits for a person";
    case "not started":
      return `has not started${uses(edited)}`;
    case "new stage":
      return "is new";
    case "interrupted":
      return from === "start"
        ? "was interrupted and starts anew"
        : `was interrupted in round ${from.round}, which goes on${uses(edited)}`;
    case "failed":
      return `has failed and starts anew${uses(edited)}`;
    case "cancelled":
      return `was cancelled and starts anew${uses(edited)}`;
    case "upstream ran again":
      return `builds on ${upstream.join(", ")}, which ${upstream.length === 1 ? "runs" : "run"} before it`;
    case "no longer skipped":
      return "is not skipped any more";
    case "forced":
      return "is started anew on request";
    default:
      return `starts anew, for its ${reason} (${editedKeys(changes).join(", ")})`;
  }
}

function uses(edited: string): string {
  return edited === "" ? "" : `; ${edited}, and the new text counts`;
}

function describeEdit(changes: readonly ShapeChange[]): string {
  const keys = editedKeys(changes);
  const isOne = keys.length === 1 && !changes.some(({ key }) => PLURAL.has(key));
  return `its ${keys.join(", ")} ${isOne ? "was" : "were"} edited`;
}

/** That a command has no prompt, and so no objective, follows from its kind: nobody has edited that. */
function editedKeys(changes: readonly ShapeChange[]): readonly string[] {
  const hasOtherKind = changes.some(({ key }) => key === "kind");
  const isEdited = ({ part, before, after }: ShapeChange): boolean =>
    !hasOtherKind || part !== "prompt" || (before !== null && after !== null);
  return changes.filter(isEdited).map(({ key }) => sanitizeLine(key));
}

/** Keys of a stage that name several things. */
const PLURAL: ReadonlySet<string> = new Set(["artifacts", "checks", "exit_criteria", "parallel_agents"]);

/** What is said of a stage that the workflow does not have any more. */
export function describeVanished({ status, nearest, asks }: ResumePlan["vanished"][number]): string {
  const gone = `is ${status} and no longer in the workflow`;
  if (asks) return nearest === null ? gone : `${gone} (or did you rename it to ${nearest}?)`;
  const hadResult = status === "completed" || status === "waiting";
  return `${gone}${hadResult ? ": its result is given up" : ""}${nearest === null ? "" : `, and ${nearest} starts anew`}`;
}

const LONGEST = 60;

/** What was edited, key by key, old and new. */
export function renderChange({ part, key, before, after }: ShapeChange): string {
  const name = part === "inputs" ? `input ${key}` : key;
  if (part === "prompt") return `${sanitizeLine(name)}: ${promptEdit(before, after)}`;
  return `${sanitizeLine(name)}: ${showValue(before)} -> ${showValue(after)}`;
}

/** Of texts only hashes are compared. */
function promptEdit(before: ShapeChange["before"], after: ShapeChange["after"]): string {
  if (before === null) return "was added";
  return after === null ? "was taken away" : "its text was edited";
}

function showValue(value: ShapeChange["before"]): string {
  const text = sanitizeLine(JSON.stringify(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
