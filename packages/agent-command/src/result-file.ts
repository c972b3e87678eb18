import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { isTroupeError, resolveInside, TroupeError } from "@troupe/core";
import { createOutputCap } from "@troupe/process";
import type { CommandAgentOptions } from "./options.js";

/**
 * So that an earlier turn's result is never taken for this one's. Rejects `PATH_OUTSIDE`, and `AGENT_FAILED` when
 * something is in its place that cannot be removed.
 */
export async function removeResultFile(cwd: string, path: string): Promise<void> {
  try {
    await rm(await resolveInside(cwd, path), { force: true });
  } catch (error) {
    if (isTroupeError(error)) throw error;
    throw new TroupeError("AGENT_FAILED", `what is in the place of the result ${path} cannot be removed`, {
      hint: `Look at it with: ls -ld '${join(cwd, path)}'`,
      cause: error,
    });
  }
}

/**
 * The text of the result file, with its middle left out when it is too long; null = there is none.
 * Rejects `PATH_OUTSIDE` when the agent made it a link out of the folder, `AGENT_FAILED` when it is no file.
 */
export async function readResultFile(
  { resultFile, maxOutputBytes }: CommandAgentOptions,
  cwd: string,
): Promise<string | null> {
  if (resultFile === null) return null;
  const path = await resolveInside(cwd, resultFile);
  // not blocking: opening a named pipe would wait for ever
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null); // absent: no result
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) {
      throw new TroupeError("AGENT_FAILED", `the result ${resultFile} is not a file`, { details: { path } });
    }
    const cap = createOutputCap({ maxBytes: maxOutputBytes });
    for await (const chunk of file.createReadStream({ autoClose: false })) cap.write(chunk);
    return cap.text();
  } finally {
    await file.close();
  }
}
