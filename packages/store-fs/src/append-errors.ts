import { type RunId, TroupeError } from "@troupe/core";
import { quotedPath } from "./quoted-path.js";

/** The error for an append behind another position than the newest, `seq`: `JOURNAL_CONFLICT`. */
export function conflictError(runId: RunId, seq: number, expectedSeq: number): TroupeError {
  const message = `run ${runId} has ${seq} entries, the new one was to be number ${expectedSeq + 1}`;
  return new TroupeError("JOURNAL_CONFLICT", message, {
    hint: `troupe status ${runId}`,
    details: { runId, expectedSeq, seq },
  });
}

/** The error for a journal that lost a line which had been seen to count: `STORE_FAILED`. */
export function vanishedError(path: string): TroupeError {
  return new TroupeError("STORE_FAILED", `${path} does not hold what was just written to it`, {
    hint: `Look for another program that changes it: lsof ${quotedPath(path)}`,
    details: { path },
  });
}
