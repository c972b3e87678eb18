import { sanitizeLine } from "@troupe/core";
import { showDuration } from "../print/show-time.js";
import { missingArtifacts } from "./adopt-stages.js";
import type { FoundArtifact } from "./collect-artifacts.js";
import type { StageJudgement } from "./judge-stages.js";
import type { TeamBotRun } from "./read-teambot.js";

/** What an import does, or has done. */
export interface ImportReport {
  readonly version: 1;
  /** null = nothing was written (`--dry-run`). */
  readonly runId: string | null;
  readonly stateFile: string;
  readonly status: string;
  readonly stages: readonly {
    readonly stage: string;
    readonly action: StageJudgement["action"];
    readonly why: string | null;
  }[];
  /** What is not as it was in TeamBot, in sentences. */
  readonly differences: readonly string[];
  /** The next command to type. */
  readonly next: string;
}

export interface ImportFacts {
  readonly runId: string | null;
  /** As shown to the person. */
  readonly stateFile: string;
  readonly run: TeamBotRun;
  readonly judgements: ReadonlyMap<string, StageJudgement>;
  readonly found: readonly FoundArtifact[];
  /** Files among TeamBot's artifacts that no stage declares. */
  readonly undeclared: readonly string[];
  /** Absolute: where agents will work. */
  readonly projectFolder: string;
  readonly root: string;
  /** The command without `--dry-run`. */
  readonly command: string;
}

/** How many files are named before the rest is counted. */
const MOST_NAMED = 20;

export function reportImport(facts: ImportFacts): ImportReport {
  const { runId, stateFile, run, judgements, command } = facts;
  const stages = run.workflow.stages.map(({ id }) => {
    const judgement = judgements.get(id) ?? { action: "run", why: "it had not been reached" };
    return { stage: id, action: judgement.action, why: judgement.why };
  });
  const isOver = stages.every(({ action }) => action === "keep" || action === "skip");
  const next = runId === null ? command : isOver ? `troupe status ${runId}` : `troupe resume ${runId} --plan`;
  return { version: 1, runId, stateFile, status: run.state.status, stages, differences: differences(facts), next };
}

function differences(facts: ImportFacts): readonly string[] {
  const { run, judgements, found, undeclared, projectFolder, root } = facts;
  const { state, settings, source, workflow } = run;
  const said: string[] = [];
  if (source === "built-in") {
    said.push(
      "TeamBot's own workflow is not read: no stages.yaml was found, so Troupe's built-in one stands in for it.",
    );
  }
  if (root !== projectFolder) {
    said.push(`The run goes on in ${projectFolder}; TeamBot worked in ${root}.`);
  }
  for (const { stage, name } of missingArtifacts(workflow, judgements, found)) {
    said.push(`${stage} left no ${name}: its recorded output stands in for it.`);
  }
  if (undeclared.length > 0) {
    const more = undeclared.length > MOST_NAMED ? ` and ${undeclared.length - MOST_NAMED} more` : "";
    said.push(`Not taken over, for no stage declares it: ${undeclared.slice(0, MOST_NAMED).join(", ")}${more}.`);
  }
  if (state.elapsedMs !== null && state.elapsedMs >= 1_000) {
    said.push(`The ${showDuration(state.elapsedMs)} that TeamBot has used do not count against the time limit.`);
  }
  const models = (settings?.agents ?? []).filter(({ model }) => model !== null);
  if (models.length > 0) {
    const named = models.map(({ id, model }) => `${id}: ${model}`).join(", ");
    said.push(`TeamBot's models are not taken over; set \`model\` under \`agents:\` in troupe.yaml (${named}).`);
  }
  return said;
}

/** The report for a terminal or a file. */
export function renderImport(report: ImportReport): string {
  const { runId, stateFile, status, stages, next } = report;
  const width = Math.max(...stages.map(({ stage }) => stage.length)) + 2;
  const head = runId === null ? `${stateFile} would become a run` : `${stateFile} is now run ${runId}`;
  return [
    `${head} (TeamBot: ${sanitizeLine(status)})`,
    ...stages.map(({ stage, action, why }) =>
      `  ${stage.padEnd(width)}${WORDS[action]}${why === null ? "" : sanitizeLine(why)}`.trimEnd(),
    ),
    ...report.differences.map((said) => `- ${sanitizeLine(said)}`),
    `Nothing of TeamBot's files was changed.${runId === null ? " Nothing was written." : ""}`,
    `Next: ${next}`,
    "",
  ].join("\n");
}

const WORDS: Readonly<Record<StageJudgement["action"], string>> = {
  keep: "keep  ",
  skip: "skip  ",
  fail: "fail  ",
  run: "run   ",
};
