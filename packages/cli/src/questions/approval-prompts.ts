import { join } from "node:path";
import {
  deferApproval,
  type Engine,
  hasCode,
  type JournalEntry,
  judgeStage,
  type PluginHost,
  type ProgressReporter,
  type RunStateView,
  sanitizeLine,
} from "@troupe/core";
import { personOf } from "../host/person.js";
import { type ApprovalQuestion, approvalQuestion, readApprovalAnswer } from "./approval-question.js";
import type { Questions } from "./questions.js";

/** Whom it asks, and what it works with. */
interface Desk {
  readonly engine: Pick<Engine, "store" | "clock" | "randomHex">;
  readonly questions: Pick<Questions, "askPatiently">;
  readonly host: Pick<PluginHost, "environment" | "stateFolder" | "masker" | "logger">;
}

export type ApprovalPrompts = ProgressReporter & { close(): Promise<void> };

/**
 * Asks the person at the terminal about each result that waits, for as long as it does: a question that is answered
 * elsewhere, or of a run that ends, goes. It judges by a fact in the journal, like every other terminal.
 */
export function createApprovalPrompts(
  engine: Desk["engine"],
  questions: Desk["questions"],
  host: Desk["host"],
  place?: (text: string) => string,
): ApprovalPrompts {
  const desk: Desk = { engine, questions, host };
  const open = new Map<string, { readonly turn: string; readonly over: AbortController; done: Promise<void> }>();
  const withdraw = (stage: string): void => {
    open.get(stage)?.over.abort();
    open.delete(stage);
  };
  const withdrawAll = (): void => {
    for (const stage of [...open.keys()]) withdraw(stage);
  };
  const put = (state: RunStateView, stage: string): void => {
    const question = questionOf(state, stage, host.stateFolder, place);
    if (question === null || open.get(stage)?.turn === question.turn) return;
    withdraw(stage);
    const over = new AbortController();
    const done = askAbout(question, state.runId, desk, over.signal);
    open.set(stage, { turn: question.turn, over, done });
  };
  const follow = ({ events }: JournalEntry, state: RunStateView): void => {
    for (const event of events) {
      if (event.type === "approval.requested") put(state, event.stage);
      else if (event.type === "run.claimed") for (const stage of state.stages.keys()) put(state, stage);
      else if (event.type === "run.finished" || event.type.endsWith("-requested")) withdrawAll();
      else if (ENDS_QUESTION.has(event.type) && "stage" in event) withdraw(event.stage);
    }
  };
  return {
    report: (event) => {
      if (event.type === "entry" && event.state.attended) follow(event.entry, event.state);
    },
    close: async () => {
      const asked = [...open.values()].map(({ done }) => done);
      withdrawAll();
      await Promise.all(asked);
    },
  };
}

const ENDS_QUESTION: ReadonlySet<string> = new Set([
  "approval.granted",
  "approval.denied",
  "stage.cancelled",
  "stage.reset",
]);

function questionOf(
  state: RunStateView,
  id: string,
  stateFolder: string,
  place?: (text: string) => string,
): ApprovalQuestion | null {
  const stage = state.stages.get(id);
  if (state.status !== "running" || stage === undefined) return null;
  if (stage.status !== "waiting" || stage.awaitingApproval === null || stage.approved !== null) return null;
  const folder = join(stateFolder, "runs", state.runId, "artifacts");
  const fileOf = (turn: string, name: string): string => join(folder, turn, name);
  return approvalQuestion(state, stage, stage.awaitingApproval, { fileOf, place });
}

async function askAbout(question: ApprovalQuestion, runId: string, desk: Desk, signal: AbortSignal): Promise<void> {
  let problem = "";
  while (!signal.aborted) {
    try {
      const said = await judge({ ...question, text: `${problem}${question.text}` }, runId, desk, signal);
      if (said === null) return;
      problem = `${said}\n`;
    } catch (error) {
      if (signal.aborted || hasCode(error, "NOT_WAITING", "RUN_FINISHED")) return; // somebody else was faster
      desk.host.logger.warn(
        `the answer could not be recorded: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

/** Null = it is decided; else why it is asked again. */
async function judge(
  { stage, turn, text }: ApprovalQuestion,
  runId: string,
  { engine, questions, host }: Desk,
  signal: AbortSignal,
): Promise<string | null> {
  const by = personOf(host.environment);
  // what a person types is recorded with the run
  const mask = (words: string): string => host.masker?.mask(words) ?? words;
  const answer = readApprovalAnswer(await questions.askPatiently(text, signal));
  switch (answer.do) {
    case "again":
      return `Not understood: ${sanitizeLine(answer.typed)}`;
    case "later":
      await deferApproval(engine, runId, { stage, turn, by });
      return null;
    case "approve":
      await judgeStage(engine, runId, stage, {
        approved: true,
        by,
        turn,
        message: answer.message === null ? null : mask(answer.message),
      });
      return null;
    case "reject": {
      const message = answer.message ?? (await questions.askPatiently("What must change? ", signal)).trim();
      if (message === "") return "Nothing was decided: a rejection says what must change.";
      await judgeStage(engine, runId, stage, { approved: false, by, turn, message: mask(message) });
      return null;
    }
  }
}
