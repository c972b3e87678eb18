import { isTroupeError, TroupeError } from "@troupe/core";

/** One error that tells of all, with what to do about each; the same problem of several agents once. */
export function together(problems: readonly unknown[]): unknown {
  const messages = [
    ...new Set(problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)))),
  ];
  const first = problems.find(isTroupeError);
  if (messages.length === 1 || first === undefined) return problems[0];
  const hints = new Set(problems.flatMap((problem) => (isTroupeError(problem) ? (problem.hint ?? []) : [])));
  const hint = hints.size === 0 ? null : [...hints].join("\n");
  return new TroupeError(first.code, messages.join("\n"), { hint, details: { problems: messages } });
}
