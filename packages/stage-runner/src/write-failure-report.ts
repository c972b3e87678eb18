import { join } from "node:path";
import { type CheckResult, type Feedback, failureReport, readText, type Verdict } from "@troupe/core";
import { maskerOf } from "./mask-secrets.js";
import { placeFile } from "./place-file.js";
import type { TurnScope } from "./turn-scope.js";
import { whileFull } from "./while-full.js";

/** How the round ended that a turn concludes. */
export interface LastRound {
  readonly source: Feedback["source"];
  /** What the reviewer or the checks said. */
  readonly text: string;
  readonly verdict: Verdict | null;
  readonly checks: readonly CheckResult[];
}

/**
 * Writes the failure report of a stage whose last round was not passed; resolves with its absolute path, when it is
 * durable, or with null while another round follows.
 */
export async function reportFailure(scope: TurnScope, last: LastRound): Promise<string | null> {
  const { task, host, folders } = scope;
  if (!isLastRound(scope, last)) return null;
  const objective = await readText(host.blobs, task.runId, task.objective);
  const earlier = await Promise.all(
    task.feedback.map(async ({ source, round, text }) => {
      return { source, round, text: await readText(host.blobs, task.runId, text) };
    }),
  );
  const time = new Date(host.clock.now()).toISOString();
  const report = failureReport({
    runId: task.runId,
    stage: task.stage,
    time,
    round: task.round,
    objective: titleOf(objective),
    feedback: [...earlier, { source: last.source, round: task.round, text: last.text }],
    verdict: last.verdict,
    checks: last.checks,
    places: [
      { name: "Artifacts", path: folders.latest },
      { name: "Working folder", path: task.workspace.path },
    ],
  });
  const path = join(folders.failures, `${time.replaceAll(":", "-")}-${task.stage.id}.md`);
  const content = Buffer.from(maskerOf(host).mask(report), "utf8");
  await whileFull(scope, () => placeFile(host, { path, content, mode: 0o600, durable: true }));
  return path;
}

function isLastRound({ task }: TurnScope, { source }: LastRound): boolean {
  const { maxRounds, workAgent } = task.stage;
  if (task.round >= maxRounds) return true;
  // nobody is there to mend it; a reviewer without a verdict is asked again all the same
  return workAgent === null && source !== "no-verdict";
}

function titleOf(objective: string): string {
  const line = objective.split("\n").find((one) => one.trim() !== "") ?? "";
  return line
    .replace(/^#+\s*/u, "")
    .trim()
    .slice(0, 120);
}
