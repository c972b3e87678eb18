import { join, sep } from "node:path";
import { isId, type RunId, type Sha256, TroupeError, type TurnId } from "@troupe/core";
import { notFound } from "./fs-errors.js";

// A stage id of 64 characters, a dot and a number.
const TURN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.[0-9]{1,15}$/;

/** Where everything lies below `.troupe`. Ids are checked here, so no other file builds a path out of one. */
export interface Layout {
  readonly folder: string;
  readonly gitignore: string;
  readonly runs: string;
  readonly blobs: string;
  /** Files and folders on their way in or out; whatever lies here for long is a dead process's. */
  readonly staging: string;
  /** Throws `RUN_NOT_FOUND` for what cannot be the id of a run. */
  runFolder(runId: RunId): string;
  journal(runId: RunId): string;
  leases(runId: RunId): string;
  logs(runId: RunId): string;
  /** Throws `STORE_FAILED` for what cannot be the id of a turn. */
  log(runId: RunId, turn: TurnId): string;
  /** Content of a run: not in its folder, because it may be put before the run is there. */
  blobsOf(runId: RunId): string;
  /** null for what cannot be a hash. */
  blob(runId: RunId, sha256: Sha256): string | null;
}

/** Ids and names of ours hold nothing that `join` would have to look at, which it does letter by letter. */
function below(folder: string, name: string): string {
  return `${folder}${sep}${name}`;
}

export function createLayout(folder: string): Layout {
  const runs = join(folder, "runs");
  const blobs = join(folder, "blobs");
  const runFolder = (runId: RunId): string => {
    if (!isId(runId)) throw notFound(runId);
    return below(runs, runId);
  };
  const blobsOf = (runId: RunId): string => {
    if (!isId(runId)) throw notFound(runId);
    return below(blobs, runId);
  };
  return {
    folder,
    gitignore: join(folder, ".gitignore"),
    runs,
    blobs,
    staging: join(folder, "staging"),
    runFolder,
    journal: (runId) => below(runFolder(runId), "journal.jsonl"),
    leases: (runId) => below(runFolder(runId), "lease"),
    logs: (runId) => below(runFolder(runId), "logs"),
    log(runId, turn) {
      if (!TURN_ID.test(turn)) throw new TroupeError("STORE_FAILED", `${JSON.stringify(turn)} is not the id of a turn`);
      return below(below(runFolder(runId), "logs"), `${turn}.log`);
    },
    blobsOf,
    blob: (runId, sha256) => (/^[0-9a-f]{64}$/.test(sha256) ? below(blobsOf(runId), sha256) : null),
  };
}
