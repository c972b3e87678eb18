import { join } from "node:path";
import type { TurnId } from "@troupe/core";

/** Where the files of a run that a person may read lie. */
export interface RunFolders {
  /** The run's own folder; notes of processes lie below it. */
  readonly run: string;
  /** The artifacts in their newest versions; agents and commands write here. */
  readonly latest: string;
  /** Copies of what a turn left, never changed again. */
  turn(turn: TurnId): string;
  /** What a turn left unfinished, moved out of {@link latest}. */
  unfinished(turn: TurnId): string;
  /** Long texts that prompts only begin with. */
  readonly texts: string;
  readonly failures: string;
  /** What is known of a turn in flight, for a takeover. */
  known(turn: TurnId): string;
}

export function runFolders(run: string): RunFolders {
  const artifacts = join(run, "artifacts");
  return {
    run,
    latest: join(artifacts, "latest"),
    turn: (turn) => join(artifacts, turn),
    unfinished: (turn) => join(artifacts, turn, "unfinished"),
    texts: join(run, "texts"),
    failures: join(run, "failures"),
    known: (turn) => join(run, "turns", `${turn}.json`),
  };
}
