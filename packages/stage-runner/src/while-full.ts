import { hasCode } from "@troupe/core";
import type { TurnScope } from "./turn-scope.js";

/** Between two tries for space. */
export const AGAIN_MS = 5_000;

/**
 * Does `write`, again every 5 s while there is no space left: what a turn has worked for hours to make is not thrown
 * away because a disk is full. Gives up when the turn is told to end.
 */
export async function whileFull<Result>(scope: TurnScope, write: () => Promise<Result>): Promise<Result> {
  const { host, context, task } = scope;
  for (let told = false; ; told = true) {
    try {
      return await write();
    } catch (error) {
      if (!isFull(error) || context.signal.aborted) throw error;
      if (!told) context.logger.warn(`no space left for what ${task.turn} made; trying again until there is`);
      await host.clock.wait(AGAIN_MS, context.signal);
    }
  }
}

function isFull(error: unknown): boolean {
  if (hasCode(error, "STORE_FULL")) return true;
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
