import type { TestOutcome } from "@troupe/core";

/** A test of a report; `message` is why it failed, when the report says it. */
export interface ReportedTest extends TestOutcome {
  readonly message: string | null;
}

/** What a report holds, or why it cannot be believed, as the end of a sentence. */
export type ParsedReport = { readonly tests: readonly ReportedTest[] } | { readonly problem: string };
