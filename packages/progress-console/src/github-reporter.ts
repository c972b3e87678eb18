import {
  type EventOf,
  limitWord,
  type PluginHost,
  type ProgressReporter,
  type RunEvent,
  type RunStateView,
  sanitizeLine,
  stageOfTurn,
} from "@troupe/core";
import type { ConsoleModel } from "./console-model.js";
import { formatWarning } from "./format.js";
import { annotation, groupStart, type WorkflowAnnotation, withoutCommands } from "./github-commands.js";
import { createLineTeller, type LineReporterOptions, noticeSegment, timedLine } from "./line-reporter.js";
import { segment } from "./segment.js";
import { describeError } from "./stage-note.js";

/** Stages named in the title of a fold. */
const NAMED = 4;

/**
 * Lines for the log of GitHub Actions, on stderr. What is over, warnings and signs of life stand in the open; the turns
 * between them are folded away below a title that names what is at work. Failures and warnings are annotations.
 */
export function createGithubReporter(host: PluginHost, options: LineReporterOptions): ProgressReporter {
  const { stderr } = host.streams;
  let isFolded = false;
  const write = (line: string): void => stderr.write(`${line}\n`);
  const unfold = (): void => {
    if (isFolded) write("::endgroup::");
    isFolded = false;
  };
  /** Without a title nothing is at work that a fold could be named for. */
  const fold = (titled: () => string): void => {
    const title = isFolded ? "" : titled();
    if (title === "") return;
    write(groupStart(title));
    isFolded = true;
  };
  const annotate = (said: WorkflowAnnotation | null): void => {
    if (said !== null) write(annotation(said));
  };
  return createLineTeller(host, options, {
    event(line, event, { entry, state }, model) {
      if (line.isLasting) unfold();
      else fold(() => titleOf(model(), event, state));
      write(withoutCommands(timedLine(entry.at, line.segments, options)));
      annotate(annotationOf(event, state));
    },
    wait(line, at) {
      unfold();
      write(withoutCommands(timedLine(at, line.segments, options)));
    },
    notice(notice, at) {
      unfold();
      write(withoutCommands(timedLine(at, [noticeSegment(notice)], options)));
      const { level, message } = notice;
      annotate(level === "info" ? null : { level, title: "Troupe", message: sanitizeLine(message) });
    },
    beat(text, at) {
      unfold();
      write(withoutCommands(timedLine(at, [segment(text, "dim")], options)));
    },
    close: unfold,
  });
}

/** `analysis: SPIKE, RESEARCH`: the group and the stage of the first line, and what else is at work. */
function titleOf({ blocks }: ConsoleModel, event: RunEvent, state: RunStateView): string {
  const id = "stage" in event ? event.stage : "turn" in event ? stageOfTurn(event.turn) : null;
  const first = id === null ? undefined : state.stages.get(id)?.definition;
  const rows = blocks.flatMap((block) => (block.type === "stage" ? [block.row] : block.rows));
  const others = rows.filter((row) => row.startedAt !== null && row.endedAt === null && row.stage !== id);
  const names = [...(first === undefined ? [] : [sanitizeLine(first.name)]), ...others.map(({ name }) => name)];
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : [];
  const group = first?.group ?? null;
  return `${group === null ? "" : `${sanitizeLine(group)}: `}${[...names.slice(0, NAMED), ...more].join(", ")}`;
}

function annotationOf(event: RunEvent, { runId }: RunStateView): WorkflowAnnotation | null {
  if (event.type === "stage.failed") {
    const { stage, error } = event;
    const hint = error.hint === null ? "" : `\n${sanitizeLine(error.hint)}`;
    return { level: "error", title: `Stage ${sanitizeLine(stage)} failed`, message: `${describeError(error)}${hint}` };
  }
  if (event.type === "limit.neared") return { level: "warning", title: "Limit", message: formatWarning(event) };
  if (event.type === "approval.requested") {
    const { stage, turn } = event;
    const message = `See it: troupe show ${runId} ${stage}\nThen: troupe approve ${runId} ${stage} --turn ${turn}`;
    return { level: "notice", title: `Stage ${sanitizeLine(stage)} waits for approval`, message };
  }
  return event.type === "run.finished" ? endOf(event, runId) : null;
}

/** Of ends that no stage tells of. */
function endOf({ outcome, limit }: EventOf<"run.finished">, runId: string): WorkflowAnnotation | null {
  const resume = `Go on with it: troupe resume ${runId}`;
  switch (outcome) {
    case "limited":
      return {
        level: "error",
        title: "Run stopped",
        message: `It has reached its ${limitWord(limit ?? "duration")} limit.`,
      };
    case "cancelled":
      return { level: "error", title: "Run cancelled", message: `See what was done: troupe status ${runId}` };
    case "interrupted":
      return { level: "warning", title: "Run stopped", message: resume };
    default:
      return null;
  }
}
