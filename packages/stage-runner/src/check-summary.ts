import { type CheckResult, describeCheck, sanitizeLine, sanitizeText } from "@troupe/core";
import type { ReportedTest } from "./reported-test.js";

const MAX_TESTS = 30;
const MAX_NAME_CHARACTERS = 300;
const MAX_MESSAGE_CHARACTERS = 600;

export interface PerformedCheck {
  readonly result: CheckResult;
  /** Why it failed, with its output; null when it passed. */
  readonly failure: { readonly end: string; readonly output: string } | null;
  /** Of its reports. */
  readonly tests: readonly ReportedTest[];
}

/** What a fix has to answer: which checks failed and why, which tests, and the end of what was printed. */
export function summarizeChecks(performed: readonly PerformedCheck[]): string {
  const failed = performed.filter(({ result }) => !result.passed).length;
  const count = `${performed.length} ${performed.length === 1 ? "check" : "checks"}`;
  const verdict = failed === 0 ? `${count} passed.` : `${failed} of ${count} failed.`;
  const lines = performed.map(({ result }) => `- ${describeCheck(result)}`).join("\n");
  const parts = [verdict, lines, ...performed.flatMap(describeFailure)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function describeFailure({ result, failure, tests }: PerformedCheck): readonly string[] {
  if (failure === null) return [];
  const output = sanitizeText(failure.output).trimEnd();
  if (result.scenarios !== undefined) return output === "" ? [] : [output];
  const printed = `${result.command} ${failure.end}${output === "" ? ", without any output." : `:\n\n${indent(output)}`}`;
  return [...describeFailedTests(result, tests), printed];
}

function describeFailedTests({ command }: CheckResult, tests: readonly ReportedTest[]): readonly string[] {
  const failed = tests.filter(({ status }) => status === "failed");
  if (failed.length === 0) return [];
  const lines = failed.slice(0, MAX_TESTS).map(({ name, message }) => {
    const shown = sanitizeLine(name).slice(0, MAX_NAME_CHARACTERS) || "(a test without a name)";
    return message === null ? `- ${shown}` : `- ${shown}: ${sanitizeLine(message).slice(0, MAX_MESSAGE_CHARACTERS)}`;
  });
  const more = failed.length - lines.length;
  const all = more === 0 ? lines : [...lines, `- and ${more} more`];
  return [`Failed tests of ${command}:\n\n${all.join("\n")}`];
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gmu, "    ");
}
