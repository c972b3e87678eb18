import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { type RunId, sha256, type TurnId } from "@troupe/core";

/** What the value of `TROUPE_TURN` tells of a process. */
export interface MarkedTurn {
  readonly runId: RunId;
  /** Of the claim that started it. */
  readonly epoch: number;
  readonly turn: TurnId;
  /** See {@link stateFolderMark}; null in a marker that does not tell. */
  readonly state: string | null;
}

/** The turn that a process is started for. */
export interface TurnPlace extends Omit<MarkedTurn, "state"> {
  /** Absolute: `.troupe`. Two of them may hold the same run: a copied project, a restored backup. */
  readonly stateFolder: string;
}

/** `<runId>/<epoch>/<turn>/<state>`: the value of `TROUPE_TURN`. */
export function turnMarker({ runId, epoch, turn, stateFolder }: TurnPlace): string {
  return `${runId}/${epoch}/${turn}/${stateFolderMark(stateFolder)}`;
}

/** null for what is no marker of a turn. */
export function parseTurnMarker(marker: string): MarkedTurn | null {
  const [runId, epoch, turn, state = null, ...more] = marker.split("/");
  if (!runId || !turn || epoch === undefined || !/^\d+$/.test(epoch) || more.length > 0) return null;
  return { runId, epoch: Number(epoch), turn, state };
}

/** Twelve hex digits that tell state folders of one machine apart, by their real path. */
export function stateFolderMark(stateFolder: string): string {
  return sha256(realPath(stateFolder)).slice(0, 12);
}

function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder); // not made yet
  }
}
