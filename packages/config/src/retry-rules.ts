import { DEFAULT_RETRY, type RetryPolicy } from "@troupe/core";
import { parseDuration } from "./duration.js";
import type { WrittenRetry } from "./stage-schema.js";
import { contradict, type StageDraft, type WorkflowDraft } from "./workflow-draft.js";
import type { Path } from "./yaml-tree.js";

/** A first wait that is longer than the longest one. */
export function checkRetries(draft: WorkflowDraft): void {
  const reported = new Set<string>();
  for (const stage of draft.stages.values()) {
    const { delay, max_delay: most } = stage.written.retry ?? {};
    if (!delay || !most || (parseDuration(delay) ?? 0) <= (parseDuration(most) ?? 0)) continue;
    const path = whereSaid(draft, stage);
    const key = path.join();
    if (reported.has(key)) continue; // the defaults are wrong once, not once for each stage
    reported.add(key);
    contradict(draft.log, {
      span: draft.tree.valueSpan(path),
      message: `retry ${path[0] === "defaults" ? "in defaults" : `of stage "${stage.id}"`}: delay "${delay}" is longer than max_delay "${most}"`,
      hint: "Make max_delay longer, or the delay shorter.",
    });
  }
}

/** The key to look at: the stage's own, else the one in `defaults`. */
function whereSaid({ tree }: WorkflowDraft, stage: StageDraft): Path {
  const own = tree.keys([...stage.path, "retry"]);
  const key = ["delay", "max_delay"].find((one) => own.includes(one));
  return key === undefined ? ["defaults", "retry", "delay"] : [...stage.path, "retry", key];
}

/** The policy with its defaults; a delay that is longer than the default longest one is not cut down. */
export function lowerRetry(written: WrittenRetry | null | undefined): RetryPolicy {
  const delayMs = parseDuration(written?.delay ?? "") ?? DEFAULT_RETRY.delayMs;
  return {
    attempts: written?.attempts ?? DEFAULT_RETRY.attempts,
    delayMs,
    backoff: written?.backoff ?? DEFAULT_RETRY.backoff,
    maxDelayMs: parseDuration(written?.max_delay ?? "") ?? Math.max(DEFAULT_RETRY.maxDelayMs, delayMs),
  };
}
