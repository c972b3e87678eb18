/** Ids of runs, stages, groups, agents and inputs match this. */
export const ID_PATTERN: RegExp = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `<feature>-<date>-<short random>`, unique in a store. */
export type RunId = string;
/** The name of a stage in its workflow. */
export type StageId = string;
/** The name of a parallel group in its workflow. */
export type GroupName = string;
/** One id is one worker: two stages that may run at the same time do not share it as `workAgent`. */
export type AgentId = string;
/**
 * `<STAGE>.<n>`: n counts from 1 within the stage over rounds, agents, attempts, resets and resumes and is never used
 * twice. It is idempotency key, log name, artifact folder, job id and process marker.
 */
export type TurnId = string;
/** 64 lower-case hex digits. */
export type Sha256 = string;

/** Whether a text may be the id of a run, a stage, a group or an agent. */
export function isId(value: string): boolean {
  return ID_PATTERN.test(value);
}

/** The id of the nth turn of a stage: `SPEC.2`. */
export function turnId(stage: StageId, n: number): TurnId {
  return `${stage}.${n}`;
}

/** The stage a turn belongs to. Stage ids may hold dots, so the last dot counts. */
export function stageOfTurn(turn: TurnId): StageId {
  return turn.slice(0, turn.lastIndexOf("."));
}

/**
 * The environment variable that gives an input to agents and commands: `TROUPE_INPUT_` and the input's name in capitals,
 * with `_` for what a shell does not take in a name. Several names may have the same one.
 */
export function inputVariable(name: string): string {
  return `TROUPE_INPUT_${name.toUpperCase().replace(/[^A-Z0-9_]/gu, "_")}`;
}
