import type { RunStateView } from "@troupe/core";
import type { TurnRecord } from "./turn-history.js";

/** A file that stages of a run left, in all its versions. */
export interface ArtifactRecord {
  /** Path below the artifacts folder. */
  readonly name: string;
  /** Whose file it is. */
  readonly stage: string;
  /** Oldest first; the last one is what later stages get. */
  readonly versions: readonly ArtifactVersionRecord[];
}

interface ArtifactVersionRecord {
  /** The turn that left it. */
  readonly turn: string;
  readonly bytes: number;
  readonly sha256: string;
  /** When that turn ended, ms since the epoch. */
  readonly at: number;
}

/** In the order of the workflow's stages; files of stages that are no longer in it come last. */
export function artifactsOf(state: RunStateView, turns: readonly TurnRecord[]): readonly ArtifactRecord[] {
  const versions = new Map<string, { stage: string; list: ArtifactVersionRecord[] }>();
  for (const { stage, turn, artifacts, endedAt, startedAt } of turns) {
    for (const { name, bytes, sha256 } of artifacts) {
      const known = versions.get(name) ?? { stage, list: [] };
      versions.set(name, known);
      // a turn that left the file as it found it made no version of it
      if (known.list.at(-1)?.sha256 !== sha256) known.list.push({ turn, bytes, sha256, at: endedAt ?? startedAt });
    }
  }
  const positions = new Map([...state.stages.keys()].map((id, index) => [id, index]));
  const positionOf = ({ stage }: ArtifactRecord): number => positions.get(stage) ?? positions.size;
  const all = [...versions].map(([name, { stage, list }]) => ({ name, stage, versions: list }));
  return all.toSorted((one, other) => positionOf(one) - positionOf(other));
}
