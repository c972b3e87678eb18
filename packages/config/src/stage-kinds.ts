import type { StageId, StageKind } from "@troupe/core";
import type { WrittenDefaults, WrittenRetry, WrittenStage } from "./stage-schema.js";
import { contradict, type StageDraft, type WorkflowDraft } from "./workflow-draft.js";
import type { Path } from "./yaml-tree.js";

interface KindContext extends Pick<WorkflowDraft, "file" | "tree" | "log" | "order" | "isUnsound"> {
  /** Stages that `needs` of some stage names, by themselves or by their group. */
  readonly named: ReadonlySet<string>;
}

/** Keys with a meaning of their own in `defaults`; agents and checks only for stages that can have them. */
const INHERITED: readonly (keyof WrittenDefaults)[] = [
  "max_rounds",
  "exit_criteria",
  "allowed_personas",
  "optional",
  "approval",
  "include_objective",
  "prompt_template",
  "writes",
  "timeout",
  "idle_timeout",
];

/** The stages of the order with `defaults` filled in and their kind; mistakes of a single stage are reported. */
export function draftStages(context: Omit<KindContext, "named">): ReadonlyMap<StageId, StageDraft> {
  const named = new Set(Object.values(context.file.stages).flatMap((stage) => stage?.needs ?? []));
  for (const [name, group] of Object.entries(context.file.parallel_groups ?? {})) {
    if (named.has(name)) for (const id of group.stages) named.add(id);
  }
  return new Map(context.order.map((id) => [id, draftStage({ ...context, named }, id)]));
}

/** True when a stage waits for `id`: one that names it, or the next one, unless that has `needs` of its own. */
function isNeeded({ file, order, named }: KindContext, id: StageId): boolean {
  const next = order[order.indexOf(id) + 1];
  return named.has(id) || (next !== undefined && !Array.isArray(file.stages[next]?.needs));
}

function draftStage(context: KindContext, id: StageId): StageDraft {
  const path: Path = ["stages", id];
  const own = context.file.stages[id] ?? {};
  const written = inherit(own, context.file.defaults ?? {});
  const kind = context.isUnsound(id) ? null : kindOf(context, id, written, path);
  const usesAgent = kind !== "command" && kind !== "terminal";
  const workers = usesAgent ? workersIn(written) : { workAgent: null, parallelAgents: [] };
  const reviewAgent = kind === "review" ? (written.review_agent ?? null) : null;
  if (kind === "command" || kind === "terminal") refuseAgentKeys(context, id, kind, own);
  const leavesOnlyArtifacts = !usesAgent || (written.artifacts ?? []).length > 0;
  const writes = kind === "terminal" ? "artifacts" : (written.writes ?? (leavesOnlyArtifacts ? "artifacts" : "tree"));
  return { id, path, written, kind, ...workers, reviewAgent, writes };
}

/** One agent that nobody else mends after is nothing but a work agent. */
function workersIn({ work_agent, parallel_agents }: WrittenStage): Pick<StageDraft, "workAgent" | "parallelAgents"> {
  const workAgent = work_agent ?? null;
  const agents = parallel_agents ?? [];
  const [first] = agents;
  const isAlone = first !== undefined && agents.length === 1 && (workAgent ?? first) === first;
  return isAlone ? { workAgent: first, parallelAgents: [] } : { workAgent, parallelAgents: agents };
}

function inherit(own: WrittenStage, defaults: WrittenDefaults): WrittenStage {
  const hasCommand = own.run !== null && own.run !== undefined;
  const keys: readonly (keyof WrittenDefaults)[] = hasCommand ? INHERITED : [...INHERITED, "checks"];
  const inherited = Object.fromEntries(
    keys.filter((key) => (own[key] ?? undefined) === undefined).map((key) => [key, defaults[key]]),
  );
  // `work_agent: null` in a stage means that it has none, whatever the defaults say
  const agents = (["work_agent", "review_agent"] as const).filter((key) => !hasCommand && own[key] === undefined);
  const retry = mergeRetry(own.retry, defaults.retry);
  return { ...own, ...inherited, retry, ...Object.fromEntries(agents.map((key) => [key, defaults[key]])) };
}

/** Key by key: a stage that wants more attempts keeps the delay of the defaults. */
function mergeRetry(own: WrittenStage["retry"], defaults: WrittenDefaults["retry"]): WrittenRetry {
  const given = Object.entries(own ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}

function kindOf(context: KindContext, id: StageId, stage: WrittenStage, path: Path): StageKind | null {
  const at = (key: string): { readonly span: ReturnType<typeof context.tree.keySpan> } => ({
    span: context.tree.keySpan([...path, key]),
  });
  const isReview = stage.is_review_stage === true;
  const isAcceptance = stage.is_acceptance_test_stage === true;
  if (isReview && isAcceptance) {
    const message = `stage "${id}" is both a review stage and an acceptance test stage`;
    contradict(context.log, { ...at("is_acceptance_test_stage"), message, hint: "Make them two stages." });
    return null;
  }
  if (stage.run !== null && stage.run !== undefined) return commandKind(context, id, stage, path);
  const hasWorker = typeof stage.work_agent === "string" || stage.parallel_agents?.[0] !== undefined;
  if (isReview) {
    const missing = [...(hasWorker ? [] : ["work_agent"]), ...(stage.review_agent ? [] : ["review_agent"])];
    if (missing.length === 0) return "review";
    const message = `review stage "${id}" has no ${missing.join(" and no ")}`;
    const hint = "review_agent judges, work_agent mends what was rejected; a review stage needs both.";
    contradict(context.log, { span: context.tree.keySpan(path), message, hint, isAbsence: true });
    return null;
  }
  if (hasWorker) return isAcceptance ? "acceptance" : "work";
  const isLast = !isNeeded(context, id);
  // a reviewer of its own says that something was meant to happen; one from the defaults says nothing
  if (isLast && !isAcceptance && !context.file.stages[id]?.review_agent) return "terminal";
  const message = `stage "${id}" has neither work_agent nor run`;
  const hint = isLast
    ? "Add the agent that does the work."
    : "Add one of them; only a stage that nothing waits for may have none, and then completes by itself.";
  contradict(context.log, { span: context.tree.keySpan(path), message, hint, isAbsence: true });
  return null;
}

function commandKind(context: KindContext, id: StageId, stage: WrittenStage, path: Path): StageKind | null {
  for (const key of ["is_review_stage", "is_acceptance_test_stage"] as const) {
    if (stage[key] !== true) continue;
    const message = `stage "${id}" has both run and ${key}`;
    const hint =
      key === "is_review_stage"
        ? "A review is done by agents: remove one of them."
        : "Acceptance tests are written by work_agent and run as checks: move the command to checks.";
    contradict(context.log, { span: context.tree.keySpan([...path, key]), message, hint });
    return null;
  }
  return "command";
}

function refuseAgentKeys(context: KindContext, id: StageId, kind: "command" | "terminal", own: WrittenStage): void {
  const refuse = (key: keyof WrittenStage, message: string, hint: string): void => {
    contradict(context.log, { span: context.tree.keySpan(["stages", id, key]), message, hint });
  };
  if (kind === "command") {
    for (const key of ["work_agent", "review_agent", "parallel_agents"] as const) {
      if (own[key] !== null && own[key] !== undefined)
        refuse(key, `stage "${id}" has both run and ${key}`, "Remove one of them.");
    }
  }
  if ((own.checks ?? []).length > 0) {
    const message = `stage "${id}" has checks but no agent that could mend what they find`;
    refuse("checks", message, "Make each check a stage of its own with run.");
  }
  if (kind === "terminal" && (own.artifacts ?? []).length > 0) {
    const message = `stage "${id}" has artifacts but no agent and no command that could write them`;
    refuse("artifacts", message, "Add work_agent or run, or remove the artifacts.");
  }
}
