import type { Clock, TroupeError } from "@troupe/core";

/**
 * From the start of an agent to its readiness for a prompt: far more than installing its tool servers takes. Beyond it
 * an agent has got stuck, and nothing else would say so in a turn without limits.
 */
const START_MS = 300_000;

/** What `ready` comes to; rejects with `stuck()` if that takes too long. */
export async function withinStart<Result>(
  clock: Clock,
  ready: Promise<Result>,
  stuck: (limitMs: number) => TroupeError,
): Promise<Result> {
  const settled = new AbortController();
  const late = clock.wait(START_MS, settled.signal).then(() => {
    throw stuck(START_MS); // once `ready` has settled nobody hears it
  });
  try {
    return await Promise.race([ready, late]);
  } finally {
    settled.abort();
  }
}
