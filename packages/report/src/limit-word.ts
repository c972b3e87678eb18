import type { LimitName } from "@troupe/core";

/** What a limit is of, in words. */
export function limitWord(limit: LimitName): string {
  return { duration: "time", cost: "cost", tokens: "tokens", wait: "waiting" }[limit];
}
