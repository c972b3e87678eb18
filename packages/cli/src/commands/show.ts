import {
  type JournalEntry,
  loadRun,
  type RunState,
  readText,
  type StateStore,
  stageUnknown,
  type TextRef,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../look/find-run.js";
import { placeHint, placeReport } from "../look/place-hints.js";
import {
  type ListedTurn,
  type RunDetails,
  type ShownTurn,
  type StageDetails,
  stageDetailsOf,
} from "../look/run-details.js";
import { reportRun } from "../look/run-report.js";
import { renderRunDetails, renderStageDetails } from "../look/show-details.js";
import { type TurnRecord, turnsOf } from "../look/turn-history.js";
import { printJson } from "../print/print-json.js";

/** Shows all that is known of a run, or of one of its stages with what it answered. Takes and writes nothing. */
export async function showCommand(
  context: CommandContext,
  run: string | undefined,
  stage: string | undefined,
): Promise<number> {
  const { host, options, print, note } = context;
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, note);
    const { state } = await loadRun(store, runId);
    const shown = reportRun(state, await store.holder(runId), state.limit, host.clock.now());
    const report = placeReport(context, shown);
    const turns = turnsOf(await entriesOf(store, runId)).map((turn) => placeHint(context, turn));
    if (stage === undefined) {
      const details: RunDetails = { ...detailsOf(state, turns), report };
      if (options.json === true) printJson({ print }, "show", details);
      else print(renderRunDetails(details));
      if (options.json !== true)
        note(
          nextOf(
            runId,
            report.stages.map(({ id }) => id),
          ),
        );
      return 0;
    }
    const details = await detailsOfStage(store, state, stage, { turns, report });
    if (options.json === true) printJson({ print }, "show-stage", details);
    else print(renderStageDetails(details));
    if (options.json !== true) note(`What its turns wrote: troupe logs ${runId} ${stage}\n`);
    return 0;
  });
}

async function entriesOf(store: StateStore, runId: string): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read(runId)) entries.push(entry);
  return entries;
}

function detailsOf({ runId, definition }: RunState, turns: readonly TurnRecord[]): Omit<RunDetails, "report"> {
  const { objective, source, agents, inputs, skip, flags } = definition;
  return {
    version: 1,
    runId,
    objective: { title: objective.title, path: objective.path },
    source,
    agents,
    inputs,
    skip,
    flags,
    turns: turns.map(withoutTexts),
  };
}

async function detailsOfStage(
  store: StateStore,
  state: RunState,
  id: string,
  known: { readonly turns: readonly TurnRecord[]; readonly report: ReturnType<typeof reportRun> },
): Promise<StageDetails> {
  const record = state.stages.get(id);
  const report = known.report.stages.find((stage) => stage.id === id);
  if (record === undefined || report === undefined) throw stageUnknown(id, state.stages.keys());
  const turns: ShownTurn[] = [];
  for (const turn of known.turns.filter(({ stage }) => stage === id)) {
    const read = async (text: TextRef | string | null): Promise<string | null> =>
      text === null || typeof text === "string" ? text : await readText(store.blobs, state.runId, text);
    const { judgement } = turn;
    const judged = judgement === null ? null : { ...judgement, message: await read(judgement.message) };
    turns.push({ ...withoutTexts(turn), judgement: judged, output: await read(turn.output) });
  }
  return stageDetailsOf(state, record, report, turns);
}

function withoutTexts({ output: _output, error, judgement, ...turn }: TurnRecord): ListedTurn {
  return {
    ...turn,
    judgement: judgement === null ? null : { decision: judgement.decision, by: judgement.by, at: judgement.at },
    error: error === null ? null : { code: error.code, message: error.message, hint: error.hint },
  };
}

function nextOf(runId: string, stages: readonly string[]): string {
  const [first] = stages;
  return first === undefined ? "" : `One stage, with what it answered: troupe show ${runId} ${first}\n`;
}
