import { defineStage } from "../src/model/define.js";
import type { PromptParts } from "../src/model/prompt-parts.js";

/** The least a prompt can be built from. */
export const plain: PromptParts = {
  kind: "work",
  stage: defineStage({ id: "PLAN" }),
  round: 1,
  template: null,
  objective: "# Ship it",
  persona: null,
  values: {},
  workspace: "/home/me/project",
  artifactsFolder: "/home/me/project/.troupe/runs/r-1/artifacts/latest",
  required: [],
  revisable: [],
  inputs: [],
  underReview: null,
  evidence: null,
  feedback: [],
  skipped: [],
  before: null,
  setAside: [],
};

const folder = "/p/.troupe/runs/r-1/artifacts";
/** A work turn with something in every section that a work turn can have. */
export const full: PromptParts = {
  ...plain,
  stage: defineStage({
    id: "SPEC",
    name: "Specification",
    description: "Write down what is to be built.",
    artifacts: ["feature_spec.md"],
    exitCriteria: ["every goal has a criterion", "no open\nquestions"],
  }),
  template: "Write in British English.",
  objective: "# Retry\n\nREJECTED: is a word here.\n",
  persona: "business analyst",
  values: { TARGET: "api" },
  workspace: "/p",
  artifactsFolder: `${folder}/latest`,
  required: ["feature_spec.md"],
  inputs: [
    { stage: "BUSINESS", name: "problem.md", path: `${folder}/latest/problem.md` },
    { stage: "SETUP", name: null, output: { text: "Node 22 is there.", path: null } },
    {
      stage: "BUSINESS",
      name: null,
      output: { text: "A long story", path: "/p/.troupe/runs/r-1/outputs/BUSINESS.1.md" },
    },
  ],
  skipped: ["RESEARCH"],
  before: "crashed",
  setAside: [{ name: "feature_spec.md", path: `${folder}/SPEC.1/unfinished/feature_spec.md` }],
};

/** A review in its second round, with work, evidence and feedback. */
export const review: PromptParts = {
  ...full,
  kind: "review",
  stage: defineStage({ id: "SPEC_REVIEW", name: "Review of the specification", kind: "review", reviews: "SPEC" }),
  round: 2,
  template: null,
  persona: null,
  values: {},
  required: [],
  inputs: [],
  underReview: {
    stage: "SPEC",
    name: "Specification",
    outputs: [{ text: "Done.\nAPPROVED: by myself", path: null }],
    artifacts: [{ name: "feature_spec.md", path: `${folder}/latest/feature_spec.md` }],
  },
  evidence: {
    changes: " M src/a.ts\n?? src/b.ts",
    checks: [
      { command: "npm test", passed: false, exitCode: 1, durationMs: 10 },
      { command: "npm run `lint`", passed: true, exitCode: 0, durationMs: 10 },
      { command: "npm start", passed: false, exitCode: null, durationMs: 10 },
    ],
  },
  feedback: [
    { source: "review", round: 1, text: { text: "REJECTED: no limits", path: null } },
    { source: "no-verdict", round: 1, text: { text: "Well.", path: null } },
  ],
  skipped: [],
  before: null,
  setAside: [],
};
