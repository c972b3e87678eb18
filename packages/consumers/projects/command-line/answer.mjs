// An agent is any program that reads a prompt and prints an answer. This one does what the workflow of `troupe init`
// asks for, and is slow once: while the file `busy` is there.
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

const FILES = {
  BUSINESS_PROBLEM: "problem_statement.md",
  SPEC: "feature_spec.md",
  SPEC_REVIEW: "spec_review.md",
  RESEARCH: "research.md",
  TEST_STRATEGY: "test_strategy.md",
  PLAN: "implementation_plan.md",
  PLAN_REVIEW: "plan_review.md",
  IMPLEMENTATION_REVIEW: "impl_review.md",
  TEST: "test_results.md",
  ACCEPTANCE_TEST: "acceptance_test_results.md",
  POST_REVIEW: "post_review.md",
};

const prompt = await text(process.stdin);
const { TROUPE_STAGE: stage, TROUPE_KIND: kind, TROUPE_ARTIFACTS: artifacts } = process.env;
appendFileSync("turns.log", `${stage}\n`);
while (stage === "TEST_STRATEGY" && existsSync("busy")) await wait(20);
if (stage in FILES) writeFileSync(join(artifacts, FILES[stage]), `# ${stage}\n\nof ${prompt.length} characters\n`);
console.log(kind === "review" ? "VERIFIED_APPROVED: read against the objective" : `${stage}: done`);
