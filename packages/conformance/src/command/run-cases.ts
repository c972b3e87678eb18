import { within } from "../within.js";
import { reportFailed, reportPassed, reportSkipped } from "./case-report.js";
import type { PreparedCase } from "./kit.js";

/** Longest time of one case, in milliseconds: it must fail, not hang. */
const CASE_MS = 180_000;

/** Runs the cases one after another and prints a line for each as it ends. Resolves with the number that failed. */
export async function runCases(cases: readonly PreparedCase[], print: (text: string) => void): Promise<number> {
  const counts = { ok: 0, failed: 0, skipped: 0 };
  for (const each of cases) {
    if (each.skip !== null) {
      counts.skipped += 1;
      print(reportSkipped(each, each.skip));
      continue;
    }
    const problem = await runCase(each);
    counts[problem === null ? "ok" : "failed"] += 1;
    print(problem === null ? reportPassed(each) : reportFailed(each, problem.error));
  }
  const total = `${cases.length} ${cases.length === 1 ? "case" : "cases"}`;
  print(`${total}: ${counts.ok} ok, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed;
}

/** An error that nobody waits for is the plugin's, too. */
async function runCase(each: PreparedCase): Promise<{ readonly error: unknown } | null> {
  const { promise: loose, reject } = Promise.withResolvers<never>();
  loose.catch(() => {}); // it may come when the case has ended
  const fail = (error: unknown): void => reject(error);
  process.on("unhandledRejection", fail).on("uncaughtException", fail);
  try {
    await Promise.race([within(CASE_MS, "the case", each.run()), loose]);
    return null;
  } catch (error) {
    return { error };
  } finally {
    process.off("unhandledRejection", fail).off("uncaughtException", fail);
  }
}
