import type { LimitName } from "./events.js";

const WORDS: Readonly<Record<LimitName, string>> = {
  duration: "time",
  cost: "cost",
  tokens: "tokens",
  wait: "waiting",
};

/** What a limit is of, in words for people; files and `--json` call it by its name. */
export function limitWord(limit: LimitName): string {
  return WORDS[limit];
}
