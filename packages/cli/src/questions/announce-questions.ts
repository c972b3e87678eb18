import type { ProgressReporter, RunnerHost } from "@troupe/core";

type Ask = NonNullable<RunnerHost["ask"]>;

/** Whoever is told of the run hears of each question before it is put; one that throws harms nobody. */
export function announceQuestions(ask: Ask, reporters: readonly ProgressReporter[], elsewhere: boolean): Ask {
  return async (question, signal, asker) => {
    for (const reporter of reporters) {
      try {
        reporter.report({ type: "question", ...asker, question, elsewhere });
      } catch {
        // the engine names those that throw; the question is asked all the same
      }
    }
    return await ask(question, signal, asker);
  };
}
