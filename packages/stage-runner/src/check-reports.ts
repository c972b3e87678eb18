import { type CheckDefinition, hasCode, type ReportDefinition, type TestCounts } from "@troupe/core";
import { parseJunit } from "./parse-junit.js";
import { parseTap } from "./parse-tap.js";
import { findReportFiles, type ReportFiles, type ReportText, readReportFile, tooLarge } from "./report-files.js";
import type { ReportedTest } from "./reported-test.js";
import type { CommandOutcome } from "./run-command.js";

/** What the reports of one check say. */
export interface CheckReport {
  readonly tests: readonly ReportedTest[];
  /** Why the check has not passed for all that they say; null = they say nothing against it. */
  readonly problem: string | null;
}

const NO_FILES: ReportFiles = new Map();

/** What is there before a check starts: a report that is still the same afterwards is none of it. */
export async function findOldReports(folder: string, { report }: CheckDefinition): Promise<ReportFiles> {
  try {
    return report === undefined ? NO_FILES : await findReportFiles(folder, report.files);
  } catch (error) {
    if (hasCode(error, "PATH_OUTSIDE")) return NO_FILES; // told when the check has run
    throw error;
  }
}

/** Reads what a check that has ended left. Whatever is missing, old, too large or broken is a problem. */
export async function readReports(
  folder: string,
  report: ReportDefinition,
  old: ReportFiles,
  run: CommandOutcome,
): Promise<CheckReport> {
  const texts = report.files.length === 0 ? [readStdout(run)] : await readFiles(folder, report, old);
  const parse = report.format === "junit" ? parseJunit : parseTap;
  const tests: ReportedTest[] = [];
  for (const { name, ...content } of texts) {
    const parsed = "problem" in content ? content : parse(content.text);
    if ("problem" in parsed) return { tests: [], problem: `its report ${name} ${parsed.problem}` };
    tests.push(...parsed.tests);
  }
  return { tests, problem: problemOf(tests) };
}

export function countTests(tests: readonly ReportedTest[]): TestCounts {
  const count = (status: ReportedTest["status"]): number => tests.filter((test) => test.status === status).length;
  return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

type NamedText = ReportText & { readonly name: string };

function readStdout({ stdout }: CommandOutcome): NamedText {
  const name = "on standard output";
  return stdout.omittedBytes > 0 ? { name, problem: tooLarge() } : { name, text: stdout.text() };
}

async function readFiles(folder: string, { files }: ReportDefinition, old: ReportFiles): Promise<readonly NamedText[]> {
  const texts: NamedText[] = [];
  for (const pattern of files) {
    let found: ReportFiles;
    try {
      found = await findReportFiles(folder, [pattern]);
    } catch (error) {
      if (!hasCode(error, "PATH_OUTSIDE")) throw error;
      return [{ name: pattern, problem: `cannot be read: ${error.message}` }];
    }
    const written = [...found].filter(([path, state]) => old.get(path) !== state).map(([path]) => path);
    if (written.length === 0) {
      return [{ name: pattern, problem: found.size === 0 ? "is not there" : "is from before: it was not written" }];
    }
    for (const path of written) texts.push({ name: path, ...(await readReportFile(folder, path)) });
  }
  return texts;
}

function problemOf(tests: readonly ReportedTest[]): string | null {
  const { failed, passed } = countTests(tests);
  if (failed > 0) return `its report tells of ${failed} failed ${failed === 1 ? "test" : "tests"}`;
  return passed === 0 ? "its report tells of no test that was performed" : null;
}
