import type { TurnInput, TurnTask } from "@troupe/core";

/** A recorded version of an artifact. */
export type RecordedArtifact = TurnInput & { readonly name: string };

/** Artifacts that a turn consumes or may write, in the newest recorded versions, each name once. */
export function recordedArtifacts(task: TurnTask): ReadonlyMap<string, RecordedArtifact> {
  const named = [...task.inputs, ...task.owned].filter((input): input is RecordedArtifact => input.name !== null);
  return new Map(named.map((input) => [input.name, input]));
}

/** Names that a turn may leave: those its stage declares, and for a fix those of the reviewed stage. */
export function writableNames(task: TurnTask): ReadonlySet<string> {
  if (task.kind === "check") return new Set();
  const owned = task.kind === "fix" ? task.owned.flatMap(({ name }) => (name === null ? [] : [name])) : [];
  return new Set([...task.stage.artifacts, ...owned]);
}

/** Names of which no other stage has a turn: what lies there belongs to this stage, to whichever agent of it, or the one it reviews. */
export function ownNames(task: TurnTask): ReadonlySet<string> {
  const owned = task.owned.flatMap(({ name }) => (name === null ? [] : [name]));
  return new Set([...task.stage.artifacts, ...owned]);
}

/** Which turns in flight may be writing which artifacts just now. */
export interface Writers {
  enter(task: TurnTask): void;
  leave(task: TurnTask): void;
  /** True when a turn other than this one may be writing the artifact. */
  isWriting(task: TurnTask, name: string): boolean;
  /** True when no other turn of its run is in flight. */
  isAlone(task: TurnTask): boolean;
}

export function createWriters(): Writers {
  const inFlight = new Map<TurnTask, ReadonlySet<string>>();
  return {
    enter: (task) => void inFlight.set(task, writableNames(task)),
    leave: (task) => void inFlight.delete(task),
    isAlone: (task) => ![...inFlight.keys()].some((other) => other !== task && other.runId === task.runId),
    isWriting: (task, name) =>
      [...inFlight].some(([other, names]) => other !== task && other.runId === task.runId && names.has(name)),
  };
}
