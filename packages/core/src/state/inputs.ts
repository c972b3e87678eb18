import type { StageId } from "../model/ids.js";
import { itemAt, lookUp } from "../model/look-up.js";
import type { InputDigest, TurnInput } from "../model/refs.js";
import { answersOf } from "./parts.js";
import { NOTHING, type RunState, recordAt, type StageRecord } from "./run-state.js";

/**
 * What a turn of the stage consumes: the artifacts of all stages upstream, and the output of direct predecessors that
 * declare no artifacts (looking through skipped ones). Each once, newest version, in declared order.
 */
export function inputsOf(state: RunState, record: StageRecord): readonly TurnInput[] {
  const artifacts: TurnInput[] = [];
  for (const position of upstreamSources(state, record)) artifacts.push(...artifactsOf(recordAt(state, position)));
  if (record.definition.kind === "command") return artifacts;
  const outputs = outputsBefore(state, record);
  return artifacts.length === 0 ? outputs : [...artifacts, ...outputs];
}

/** The newest recorded versions of the artifacts that a turn of the stage may write. */
export function ownedBy(state: RunState, record: StageRecord): readonly TurnInput[] {
  const { reviews } = record.definition;
  const own = artifactsOf(record);
  return reviews === null ? own : [...artifactsOf(lookUp(state.stages, reviews)), ...own];
}

function upstreamSources({ graph }: RunState, { position }: StageRecord): readonly number[] {
  const nearest = itemAt(graph.sources, position);
  if (nearest.length === 0) return nearest;
  const found = new Set(nearest);
  for (const source of found) for (const further of itemAt(graph.sources, source)) found.add(further);
  return [...found].sort((a, b) => a - b);
}

function artifactsOf(record: StageRecord): readonly TurnInput[] {
  if (record.artifacts.size === 0) return NOTHING;
  const stage = record.definition.id;
  return [...record.artifacts.values()].map(({ name, sha256, bytes, turn }) => ({
    stage,
    name,
    sha256,
    bytes,
    turn,
    text: null,
  }));
}

function outputsBefore(state: RunState, record: StageRecord): readonly TurnInput[] {
  if (record.definition.needs.length === 0) return NOTHING;
  const before = new Set(record.definition.needs);
  const outputs: TurnInput[] = [];
  for (const id of before) {
    const need = lookUp(state.stages, id);
    if (need.status === "skipped") for (const further of need.definition.needs) before.add(further);
    else if (need.definition.artifacts.length === 0) outputs.push(...outputsOf(need));
  }
  return outputs.length < 2 ? outputs : outputs.sort((a, b) => position(state, a.stage) - position(state, b.stage));
}

/** The newest; of a stage whose work several agents did also the answer of each, in declared order. */
function outputsOf({ definition, output, outputTurn, parts }: StageRecord): readonly TurnInput[] {
  if (outputTurn === null || output === null) return [];
  const stage = definition.id;
  if (parts.size === 0) return [{ ...output, stage, name: null, turn: outputTurn }];
  const answers = answersOf({ parts }).map(({ output: text, ...whose }) => ({ ...text, stage, name: null, ...whose }));
  const isAmong = answers.some(({ turn }) => turn === outputTurn);
  return isAmong ? answers : [...answers, { ...output, stage, name: null, turn: outputTurn }];
}

/** What of an input is recorded when a turn starts. */
export function digestOf({ stage, name, agent, sha256 }: TurnInput): InputDigest {
  return agent === undefined ? { stage, name, sha256 } : { stage, name, agent, sha256 };
}

function position(state: RunState, id: StageId): number {
  return lookUp(state.stages, id).position;
}
